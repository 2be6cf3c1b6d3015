// Coordinates of bilinear scaling, as in PyTorch's interpolate with align_corners=False.
#pragma once

#include <algorithm>

namespace fer::infer {

// A point between two pixels; `share`: the weight of the second.
struct Between {
  int first, second;
  float share;
};

// The point among the `side` input pixels of a row or column that a pixel of the `scaled` result
// pixels comes from.
inline Between place_of_pixel(int pixel, int side, int scaled) {
  const float scale = static_cast<float>(side) / static_cast<float>(scaled);
  const float place = std::max((static_cast<float>(pixel) + 0.5F) * scale - 0.5F, 0.0F);
  const int first = std::min(static_cast<int>(place), side - 1);
  return {first, std::min(first + 1, side - 1), place - static_cast<float>(first)};
}

}  // namespace fer::infer
