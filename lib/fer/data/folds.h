// Cross-validation: makes one fold of a set its validation images, and the others its training
// images.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/core/random.h"
#include "fer/data/face_set.h"

namespace fer::data {

// [N], in [0, folds): the fold of each image, assigned class by class in an order drawn from
// `stream`. Equal images stay in one fold, so that no copy leaks, and count as one image of the
// first one's class. So counted, folds differ by at most one image, in total and in each class.
// @throws fer::Error if there are fewer different images than folds.
std::vector<std::int64_t> deal_folds(const FaceSet& set, std::int64_t folds,
                                     const RandomStream& stream);

// Divides all images except test into folds. Fold `fold` (1 to `folds`) becomes the validation
// images, the others the training images. Returns the number of validation images. @throws
// fer::Error as deal_folds.
std::int64_t make_fold(FaceSet& set, std::int64_t fold, std::int64_t folds,
                       const RandomStream& stream);

}  // namespace fer::data
