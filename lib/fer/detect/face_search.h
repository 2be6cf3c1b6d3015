// Searches crops of faces for a face.
#pragma once

#include <optional>

#include "fer/core/face.h"
#include "fer/detect/detector.h"

namespace fer::detect {

// The face with the highest score in a crop (grey or rgb), its box cut at the crop's borders;
// nothing if none is found. The crop is searched with its border repeated, because FER2013's crops
// end at chin and brow and detectors look for heads. @throws fer::Error as the detector.
std::optional<DetectedFace> face_in(Detector& detector, FaceView crop);

// Whether the detector finds a face in a crop or in its repeated border.
bool finds_face(Detector& detector, FaceView crop);

}  // namespace fer::detect
