#include "fer/graph/resize.h"

#include <algorithm>
#include <cmath>

namespace fer::graph {

namespace {

// The coordinate of pixel x of `count` among `side` pixels.
float place_of(ResizePlace place, std::int64_t x, std::int64_t side, std::int64_t count,
               float scale) {
  const auto at = static_cast<float>(x);
  switch (place) {
    case ResizePlace::half_pixel:
      return (at + 0.5F) / scale - 0.5F;
    case ResizePlace::pytorch_half_pixel:
      return count > 1 ? (at + 0.5F) / scale - 0.5F : 0.0F;
    case ResizePlace::align_corners:
      return count > 1 ? at * static_cast<float>(side - 1) / static_cast<float>(count - 1) : 0.0F;
    case ResizePlace::asymmetric:
      return at / scale;
  }
  return 0.0F;
}

constexpr float kTie = 1e-5F;

// A coordinate within float32's rounding error of the middle of two pixels counts as the middle.
float rounded(ResizeRounding rounding, float place) {
  switch (rounding) {
    case ResizeRounding::round_prefer_floor:
      return std::ceil(place - 0.5F - kTie);
    case ResizeRounding::round_prefer_ceil:
      return std::floor(place + 0.5F + kTie);
    case ResizeRounding::floor:
      return std::floor(place);
    case ResizeRounding::ceil:
      return std::ceil(place);
  }
  return place;
}

std::vector<ResizeTap> taps(const Resize& resize, std::int64_t side, std::int64_t count,
                            float scale) {
  if (scale == 0.0F) scale = static_cast<float>(count) / static_cast<float>(side);
  std::vector<ResizeTap> all;
  for (std::int64_t x = 0; x < count; ++x) {
    // Clamped before the conversion to an integer, because a scale may be tiny.
    const float place = std::clamp(place_of(resize.place, x, side, count, scale), 0.0F,
                                   static_cast<float>(side - 1));
    if (resize.kind == ResizeKind::nearest) {
      const auto pixel = static_cast<std::int64_t>(rounded(resize.rounding, place));
      all.push_back({pixel, pixel, 0.0F});
    } else {
      const auto first = static_cast<std::int64_t>(place);
      all.push_back({first, std::min(first + 1, side - 1), place - static_cast<float>(first)});
    }
  }
  return all;
}

}  // namespace

ResizeTaps resize_taps(const Resize& resize, const Shape& from) {
  return {taps(resize, from.height, resize.rows, resize.row_scale),
          taps(resize, from.width, resize.cols, resize.col_scale)};
}

}  // namespace fer::graph
