// Help texts about the detectors, from their table.
#pragma once

#include <string>

namespace fer::detect {

// The detectors that `auto` looks for: "yunet, centerface and haar".
std::string searched_detectors();

// For help: which detector `auto` takes, and the remarks of the detectors.
std::string detector_help();

// The sides that each detector's square input may have, and the one that 0 stands for.
std::string detector_size_help();

// The relative side of each detector's usual square crop: "0.91 for yunet and 1 for centerface and
// haar".
std::string usual_crop_help();

}  // namespace fer::detect
