// Cross-validation: one fold of a set as its validation images, the other folds as what is trained
// on.
#pragma once

#include <cstdint>

#include "fer/core/random.h"
#include "fer/data/face_set.h"

namespace fer {

// Deals all images but those of test, class by class and in an order drawn from `stream`, into
// `folds` parts whose sizes differ by one at most, in all and in each class. Part `fold` (1 to
// `folds`) becomes the validation images, the others the training images: over all `fold`, each
// image is validated on once. Returns the number of validation images.
// @throws fer::Error where there are fewer images than folds.
std::int64_t make_fold(FaceSet& set, std::int64_t fold, std::int64_t folds,
                       const RandomStream& stream);

}  // namespace fer
