// Faces in crops of faces.
#pragma once

#include "fer/core/face.h"
#include "fer/detect/detector.h"

namespace fer::detect {

// Whether the detector finds a face in a crop (grey levels), with its border drawn out: FER2013's
// crops end at chin and brow, and detectors look for heads. @throws fer::Error as the detector.
bool finds_face(Detector& detector, const FacePixels& crop);

}  // namespace fer::detect
