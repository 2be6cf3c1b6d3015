// Makes a validation split where a data set comes without one.
#pragma once

#include "fer/core/random.h"
#include "fer/data/face_set.h"

namespace fer::data {

// Turns `fraction` of each class's training images into validation images, chosen at random from
// `stream`: rounded to the nearest image, but at least one where a class has two or more. Images
// equal to a chosen one, which would betray it, are held out too, and count as one with it. Returns
// how many images were held out.
std::int64_t hold_out_validation(FaceSet& set, double fraction, const RandomStream& stream);

// So many of each class's images, chosen at random from `stream`, in their order: rounded to the
// nearest image, but at least one. Images equal to a chosen one come with it, and count as one with
// it.
FaceSet share_of_each_class(const FaceSet& set, double fraction, const RandomStream& stream);

}  // namespace fer::data
