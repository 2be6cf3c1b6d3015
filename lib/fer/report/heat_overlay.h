// A heat map laid over a face.
#pragma once

#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/report/colour.h"

namespace fer::report {

// Where the map is 0, the face stays as it is. The nearer it is to 1, the more of a warm colour,
// from amber to crimson, lies over the face, which is grey or rgb. heat: a number for each of its
// pixels, row-major; beyond [0, 1] the nearest end, NaN is 0. @throws fer::Error for a map of
// another size.
std::vector<Rgb> heat_overlay(FaceView face, std::span<const float> heat);

}  // namespace fer::report
