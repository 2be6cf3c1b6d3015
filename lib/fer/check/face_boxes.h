// Finds the faces in a set's images with a detector.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/log.h"
#include "fer/data/coco_json.h"
#include "fer/data/face_set.h"

namespace fer::check {

// One entry for each image of the set, empty if no face was found; no entries if `detector` is
// "none" or `stop` ended the search. @throws fer::Error for a missing detector, or in a build
// without OpenCV.
std::vector<std::optional<data::FaceBox>> face_boxes(const data::FaceSet& set,
                                                     const std::string& detector, Log& log,
                                                     const std::atomic<bool>& stop);

}  // namespace fer::check
