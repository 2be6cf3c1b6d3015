// Cross-validation: one fold of a set as its validation images, the other folds as what is trained
// on.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/core/random.h"
#include "fer/data/face_set.h"

namespace fer::data {

// [N], in [0, folds): the fold of each image, class by class and in an order drawn from `stream`.
// Folds differ by one image at most, in all and in each class, where equal images count as one: they
// stay together, in the class of the first, as a copy on the other side would give an image away.
// @throws fer::Error where there are fewer different images than folds.
std::vector<std::int64_t> deal_folds(const FaceSet& set, std::int64_t folds,
                                     const RandomStream& stream);

// Deals all images but those of test. Part `fold` (1 to `folds`) becomes the validation images, the
// others the training images: over all `fold`, each image is validated on once. Returns the number of
// validation images. @throws fer::Error as deal_folds.
std::int64_t make_fold(FaceSet& set, std::int64_t fold, std::int64_t folds,
                       const RandomStream& stream);

}  // namespace fer::data
