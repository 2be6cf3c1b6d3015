// Face images in which a detector finds no face.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fer/commands/console.h"
#include "fer/data/face_set.h"

namespace fer {

struct FaceSearch {
  std::string detector;
  std::vector<std::int64_t> without;  // rows, in the order they came in
};

// Searches these rows. Nothing for the detector `none`, where it is interrupted, and in builds without OpenCV.
// @throws fer::Error where the detector asked for is not there.
std::optional<FaceSearch> search_faces(const FaceSet& set, const std::vector<std::int64_t>& rows,
                                       const std::string& detector, Console& console);

}  // namespace fer
