// Takes images that a model is measured on out of what it is trained on.
#pragma once

#include <cstdint>

#include "fer/data/face_set.h"

namespace fer::data {

// Removes every training image that is equal, pixel for pixel, to a validation or test image, blank
// ones too. Returns how many.
std::int64_t drop_duplicates(FaceSet& set);

}  // namespace fer::data
