// Where a detector finds the faces of a set's images.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/log.h"
#include "fer/data/coco_json.h"
#include "fer/data/face_set.h"

namespace fer::check {

// One entry an image of the set, empty where nothing was found; no entries where `detector` is
// "none" or `stop` ended the search. @throws fer::Error for a detector that is not there, or in a
// build without OpenCV.
std::vector<std::optional<data::FaceBox>> face_boxes(const data::FaceSet& set,
                                                     const std::string& detector, Log& log,
                                                     const std::atomic<bool>& stop);

}  // namespace fer::check
