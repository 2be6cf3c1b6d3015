// Makes a validation split for a data set without one.
#pragma once

#include "fer/core/random.h"
#include "fer/data/face_set.h"

namespace fer::data {

// Turns `fraction` of each class's training images into validation images, chosen at random from
// `stream`: rounded to the nearest image, but at least one of a class with two or more. Images
// equal to a chosen one would leak it, so they are held out, too, and count as one image with it.
// Returns the number of held-out images.
std::int64_t hold_out_validation(FaceSet& set, double fraction, const RandomStream& stream);

// `fraction` of each class's images, chosen at random from `stream`, in their order: rounded to the
// nearest image, but at least one. Images equal to a chosen one are included, and count as one
// image with it.
FaceSet share_of_each_class(const FaceSet& set, double fraction, const RandomStream& stream);

}  // namespace fer::data
