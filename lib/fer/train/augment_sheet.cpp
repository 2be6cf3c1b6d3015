#include "fer/train/augment_sheet.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "fer/augment/augment.h"
#include "fer/augment/mixup_cutmix.h"
#include "fer/tensors/face_images.h"

namespace fer::train {

namespace {

constexpr std::int64_t kColumns = 12;
constexpr std::int64_t kMostRows = 10;

// Adds a cell for each of the images [N,H,W] or [N,H,W,3].
void add_cells(const at::Tensor& images, AugmentSheet& sheet) {
  sheet.cells.append(tensors::faces_of(images.round().clamp(0, 255).to(at::kByte).contiguous()));
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

// Augments a batch of faces as training does, in float32. Mixup and CutMix combine any two of them.
at::Tensor vary(const at::Tensor& faces, const augment::AugmentOptions& options,
                const RandomStream& stream) {
  const std::int64_t side = faces.size(1);
  const at::Tensor levels = augment::augment(faces, options, stream, side);
  return augment::mixup_cutmix({levels, at::ones({levels.size(0), 1})},
                               {augment::plan_mixup_cutmix(levels.size(0), side, options, stream)})
      .levels;
}

// Repeats each face `copies` times.
at::Tensor repeated(const at::Tensor& faces, std::int64_t copies) {
  return faces.repeat_interleave(copies, 0);
}

// Adds a row: the original face, then its versions.
void add_row(const std::string& name, const at::Tensor& face, const at::Tensor& versions,
             AugmentSheet& sheet) {
  add_cells(face.unsqueeze(0), sheet);
  add_cells(versions, sheet);
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
  // Mixtures need other faces in the batch, so the first face's versions are made in a batch of all
  // faces.
  for (const auto& [name, alone] : options.each_alone()) {
    const at::Tensor varied = vary(repeated(first, kVersions), alone, own.child(name));
    add_row(name, first[0], varied.narrow(0, 0, kVersions), sheet);
  }
  return sheet;
}

}  // namespace fer::train
