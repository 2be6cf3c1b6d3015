#include "fer/infer/tta.h"

#include <ATen/Functions.h>

#include <cstdint>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::infer {

namespace {

using Views = std::vector<at::Tensor>;

// About the error of a face detector. A larger shift moves the mouth out of some FER2013 faces.
constexpr std::int64_t kShift = 2;
// The crops keep 44 of 48 pixels, the share of the AlexNet paper (224 of 256) to within a pixel or
// two; less cuts off chins.
constexpr std::int64_t kCropped = 4;

// By whole pixels, without resampling: any type stays exact. Dimension 1 is down, 2 to the right.
at::Tensor shifted(const at::Tensor& images, std::int64_t dim, std::int64_t by) {
  const std::int64_t size = images.size(dim);
  const at::Tensor source = at::arange(size, images.options().dtype(at::kLong)).sub_(by);
  return images.index_select(dim, source.clamp_(0, size - 1));
}

at::Tensor crop(const at::Tensor& levels, std::int64_t top, std::int64_t left) {
  const std::int64_t height = levels.size(1), width = levels.size(2);
  const at::Tensor part =
      levels.narrow(1, top, height - kCropped).narrow(2, left, width - kCropped).unsqueeze(1);
  return at::upsample_bilinear2d(part, {height, width}, /*align_corners=*/false).squeeze(1);
}

Views itself(const at::Tensor& images) { return {images}; }

Views shifts(const at::Tensor& images) {
  return {images, shifted(images, 1, -kShift), shifted(images, 1, kShift),
          shifted(images, 2, -kShift), shifted(images, 2, kShift)};
}

Views crops(const at::Tensor& images) {
  const at::Tensor levels = images.to(at::kFloat);
  return {crop(levels, kCropped / 2, kCropped / 2), crop(levels, 0, 0), crop(levels, 0, kCropped),
          crop(levels, kCropped, 0), crop(levels, kCropped, kCropped)};
}

struct Mode {
  std::string name;
  Views (*views)(const at::Tensor& images);
  bool mirrored;  // whether the views' mirror images count, too
};

const std::vector<Mode>& table() {
  static const std::vector<Mode> modes = {{"none", itself, false},
                                          {"flip", itself, true},
                                          {"shifts", shifts, true},
                                          {"ten-crop", crops, true}};
  return modes;
}

}  // namespace

const std::vector<std::string>& tta_modes() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Mode& mode : table()) all.push_back(mode.name);
    return all;
  }();
  return names;
}

std::vector<at::Tensor> tta_views(const at::Tensor& images, const std::string& mode) {
  for (const Mode& one : table()) {
    if (one.name != mode) continue;
    Views views = one.views(images);
    const std::size_t count = one.mirrored ? views.size() : 0;
    for (std::size_t i = 0; i < count; ++i) views.push_back(views[i].flip({2}));
    return views;
  }
  throw Error("unknown test-time augmentation " + quote(mode) +
              "; allowed: " + join(tta_modes(), ", "));
}

}  // namespace fer::infer
