// Finds the detector that an option means on this machine, and opens it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "fer/detect/detector.h"

namespace fer::detect {

struct DetectorOptions {
  std::string name = "auto";    // one of detector_names() (detector_names.h)
  std::filesystem::path model;  // the detector's own file; empty: searched for in the usual folders
  int side = 0;  // of the square input, for detectors that have one; more finds smaller faces; 0:
                 // the usual one
};

// The detector that DetectorOptions mean on this machine.
struct DetectorChoice {
  std::string name;             // one of detector_names(), never auto
  std::filesystem::path model;  // its file; empty for a detector without one
  int side = 0;                 // as in the options
  std::string reason;           // for people: why `auto` took this one; empty for a named one
};

// Whether a detector that is named can have this file and side; needs no file. @throws
// fer::OptionError for an unknown name (the known ones are named), a file or side given to a
// detector without one, and a side that none of its usual files has.
void check_detector(const DetectorOptions& options);

// `auto` is the first detector of the table (detector_kind.h) that has files and one of them is
// found. Looks for files, reads none but a `model` given to `auto`, whose content says what it is.
// @throws fer::OptionError as check_detector() does; fer::NotFoundError for a file that is found in
// no folder (all are named).
DetectorChoice choose_detector(const DetectorOptions& options);

// @throws fer::Error where the file is missing, broken or another detector's.
std::unique_ptr<Detector> open_detector(const DetectorChoice& choice);

// Chooses and opens.
std::unique_ptr<Detector> make_detector(const DetectorOptions& options);

}  // namespace fer::detect
