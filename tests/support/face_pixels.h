// Faces in FER2013's format, for tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "fer/core/face.h"

namespace fer::test {

// The result of face_bytes() for the format of 48x48 grey pixels.
inline FacePixels as_pixels(const std::vector<std::uint8_t>& bytes) {
  if (bytes.size() != kFacePixels) throw std::logic_error("no face of 48x48 grey pixels");
  FacePixels pixels;
  std::copy(bytes.begin(), bytes.end(), pixels.begin());
  return pixels;
}

}  // namespace fer::test
