#include "fer/train/augment_sheet.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>

#include "fer/augment/augment.h"
#include "fer/augment/mixup_cutmix.h"

namespace fer::train {

namespace {

constexpr std::int64_t kColumns = 12;
constexpr std::int64_t kMostRows = 10;

FacePixels to_pixels(const at::Tensor& image) {
  FacePixels pixels;
  const at::Tensor levels = image.round().clamp(0, 255).to(at::kByte).contiguous();
  std::memcpy(pixels.data(), levels.const_data_ptr<std::uint8_t>(), kFacePixels);
  return pixels;
}

// The first face of each class, in label order.
std::vector<std::int64_t> first_of_each_class(const data::FaceSet& faces) {
  std::vector<std::int64_t> rows;
  for (std::int64_t label = 0; label < static_cast<std::int64_t>(faces.label_set.size()); ++label) {
    const at::Tensor found = faces.labels.eq(label).nonzero();
    if (found.size(0) > 0) rows.push_back(found[0].item<std::int64_t>());
  }
  rows.resize(std::min<std::size_t>(rows.size(), kMostRows));
  return rows;
}

// Changes a batch of faces as training does: float32 [N,48,48]. Mixup and CutMix take any two of
// them.
at::Tensor vary(const at::Tensor& faces, const augment::AugmentOptions& options,
                const RandomStream& stream) {
  const at::Tensor levels = augment::augment(faces, options, stream, kFaceSide);
  return augment::mixup_cutmix(
             {levels, at::ones({levels.size(0), 1})},
             {augment::plan_mixup_cutmix(levels.size(0), kFaceSide, options, stream)})
      .levels;
}

// uint8 [count * copies,48,48], each face as often as there are copies.
at::Tensor repeated(const at::Tensor& faces, std::int64_t copies) {
  return faces.repeat_interleave(copies, 0);
}

// Adds a row: a face as it is, then its versions.
void add_row(const std::string& name, const at::Tensor& face, const at::Tensor& versions,
             AugmentSheet& sheet) {
  sheet.cells.push_back(to_pixels(face));
  for (std::int64_t i = 0; i < versions.size(0); ++i) sheet.cells.push_back(to_pixels(versions[i]));
  sheet.rows.push_back(name);
}

}  // namespace

AugmentSheet augment_sheet(const data::FaceSet& faces, const augment::AugmentOptions& options,
                           const RandomStream& stream) {
  const RandomStream own = stream.child("contact sheet");
  const at::Tensor first = faces.images.rows(at::tensor(first_of_each_class(faces), at::kLong));
  constexpr std::int64_t kVersions = kColumns - 1;
  AugmentSheet sheet{.columns = static_cast<std::size_t>(kColumns)};
  const at::Tensor all = vary(repeated(first, kVersions), options, own);
  for (std::int64_t row = 0; row < first.size(0); ++row) {
    add_row("all together", first[row], all.narrow(0, row * kVersions, kVersions), sheet);
  }
  // Mixtures need other faces in the batch: the first face's versions among everybody's.
  for (const auto& [name, alone] : options.each_alone()) {
    const at::Tensor varied = vary(repeated(first, kVersions), alone, own.child(name));
    add_row(name, first[0], varied.narrow(0, 0, kVersions), sheet);
  }
  return sheet;
}

}  // namespace fer::train
