// Draws faces, for a data set without a download. They are stylised, but a person can name the
// emotion; and they are turned, lit and blurred so much that a linear model on the pixels cannot.
#pragma once

#include <cstddef>

#include "fer/core/face.h"
#include "fer/core/random.h"
#include "fer/data/synthetic_parameters.h"

namespace fer::data {

// One face with an emotion of LabelSet::fer2013(), by index. The same stream gives the same pixels
// (on another machine they may differ by a grey level where its mathematical library rounds sines
// differently or its compiler fuses multiplications and additions).
// @throws fer::Error for an emotion that is not among synthetic_labels().
FacePixels draw_synthetic_face(std::size_t emotion, const RandomStream& stream);

// Draws the face of these parameters; the stream is only for the camera's noise.
FacePixels draw_face(const FaceParameters& face, const RandomStream& stream);

}  // namespace fer::data
