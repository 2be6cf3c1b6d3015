// Places of bilinear scaling, as PyTorch's interpolate with align_corners=False has them.
#pragma once

#include <algorithm>

#include "fer/core/face.h"

namespace fer::infer {

// Between two pixels, `share` of the second.
struct Between {
  int first, second;
  float share;
};

// Where a pixel of a face's row or column lies in one of `side` pixels that is scaled to it.
inline Between place_of_face_pixel(int pixel, int side) {
  const float scale = static_cast<float>(side) / kFaceSide;
  const float place = std::max((static_cast<float>(pixel) + 0.5F) * scale - 0.5F, 0.0F);
  const int first = static_cast<int>(place);
  return {first, std::min(first + 1, side - 1), place - static_cast<float>(first)};
}

}  // namespace fer::infer
