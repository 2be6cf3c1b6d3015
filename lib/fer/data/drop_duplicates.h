// Removes images that a model is measured on from its training images.
#pragma once

#include <cstdint>

#include "fer/data/face_set.h"

namespace fer::data {

// Removes every training image, also blank ones, that is equal, pixel for pixel, to a validation or
// test image. Returns their number.
std::int64_t drop_duplicates(FaceSet& set);

}  // namespace fer::data
