// The users' names for the detectors. Needs no OpenCV.
#pragma once

#include <string>
#include <vector>

namespace fer::detect {

// auto, and the names of detectors.def.
inline std::vector<std::string> detector_names() {
  std::vector<std::string> names = {"auto"};
#define FER_DETECTOR(name) names.emplace_back(#name);
#include "fer/detect/detectors.def"
  return names;
}

}  // namespace fer::detect
