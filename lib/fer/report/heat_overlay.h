// A heat map laid over a face.
#pragma once

#include <span>
#include <vector>

#include "fer/core/face.h"
#include "fer/report/colour.h"

namespace fer::report {

// The larger the map's value, the more of a warm colour, from amber to crimson, covers the face
// (grey or rgb); at 0 the face is unchanged. heat: a number for each pixel, row-major, clamped to
// [0, 1]; NaN counts as 0. @throws fer::Error for a map of another size.
std::vector<Rgb> heat_overlay(FaceView face, std::span<const float> heat);

}  // namespace fer::report
