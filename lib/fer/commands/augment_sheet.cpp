#include "fer/commands/augment_sheet.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>

#include "fer/augment/augment.h"
#include "fer/augment/mix.h"
#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/text.h"
#include "fer/report/contact_sheet.h"
#include "fer/report/png.h"

namespace fer {

namespace {

constexpr std::int64_t kColumns = 12;
constexpr std::int64_t kMostRows = 10;
constexpr std::size_t kZoom = 2;

FacePixels to_pixels(const at::Tensor& image) {
  FacePixels pixels;
  const at::Tensor levels = image.round().clamp(0, 255).to(at::kByte).contiguous();
  std::memcpy(pixels.data(), levels.const_data_ptr<std::uint8_t>(), kFacePixels);
  return pixels;
}

// The first face of each class, in label order.
std::vector<std::int64_t> first_of_each_class(const FaceSet& faces) {
  std::vector<std::int64_t> rows;
  for (std::int64_t label = 0; label < static_cast<std::int64_t>(faces.label_set.size()); ++label) {
    const at::Tensor found = faces.labels.eq(label).nonzero();
    if (found.size(0) > 0) rows.push_back(found[0].item<std::int64_t>());
  }
  rows.resize(std::min<std::size_t>(rows.size(), kMostRows));
  return rows;
}

// What training makes of each row's face, kColumns - 1 times: float32 [rows * (kColumns - 1),48,48].
// Mixtures are of all of them, as they are of a batch.
at::Tensor vary(const FaceSet& faces, const std::vector<std::int64_t>& rows,
                const AugmentOptions& options, const RandomStream& stream) {
  std::vector<at::Tensor> varied;
  for (const std::int64_t row : rows) {
    const at::Tensor copies = faces.images[row].expand({kColumns - 1, kFaceSide, kFaceSide});
    varied.push_back(
        augment(copies, options, stream.child(static_cast<std::uint64_t>(row)), kFaceSide));
  }
  const at::Tensor levels = at::cat(varied);
  return mix({levels, at::ones({levels.size(0), 1})}, options, stream).levels;
}

}  // namespace

void write_augment_sheet(const std::filesystem::path& path, const FaceSet& faces,
                         const AugmentOptions& options, const RandomStream& stream) {
  if (to_lower(path.extension().string()) != ".png") {
    throw Error("--contact-sheet " + path.string() + ": is written as .png");
  }
  const std::vector<std::int64_t> rows = first_of_each_class(faces);
  const at::Tensor varied = vary(faces, rows, options, stream.child("contact sheet"));
  std::vector<FacePixels> cells;
  std::int64_t next = 0;
  for (const std::int64_t row : rows) {
    cells.push_back(to_pixels(faces.images[row]));
    for (std::int64_t i = 0; i + 1 < kColumns; ++i) cells.push_back(to_pixels(varied[next++]));
  }
  const GreyPicture sheet =
      contact_sheet(cells, {.columns = static_cast<std::size_t>(kColumns), .zoom = kZoom});
  write_grey_png(path, sheet.pixels, sheet.width, sheet.height);
}

}  // namespace fer
