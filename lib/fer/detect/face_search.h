// Faces in crops of faces.
#pragma once

#include <optional>

#include "fer/core/face.h"
#include "fer/detect/detector.h"

namespace fer::detect {

// The face that the detector is surest of in a crop (grey or rgb), its box cut at the crop's
// borders; nothing where it finds none. The crop's border is drawn out before: FER2013's crops end
// at chin and brow, and detectors look for heads. @throws fer::Error as the detector.
std::optional<DetectedFace> face_in(Detector& detector, FaceView crop);

// Whether the detector finds a face in a crop, be it in its border.
bool finds_face(Detector& detector, FaceView crop);

}  // namespace fer::detect
