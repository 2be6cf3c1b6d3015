// Chooses the detector for given options on this machine, and opens it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "fer/detect/detector.h"
#include "fer/runtime/precision.h"

namespace fer::detect {

struct DetectorOptions {
  std::string name = "auto";    // one of detector_names() (detector_names.h)
  std::filesystem::path model;  // the detector's own file; empty: searched for in the usual folders
  int side = 0;  // of the square input, for detectors that have one; more finds smaller faces; 0:
                 // the usual one
  // Of detectors that are networks; float32 or bfloat16.
  runtime::Precision precision = runtime::Precision::float32;
};

// The detector that was chosen for DetectorOptions.
struct DetectorChoice {
  std::string name;             // one of detector_names(), never auto
  std::filesystem::path model;  // its file; empty for a detector without one
  int side = 0;                 // as in the options
  runtime::Precision precision = runtime::Precision::float32;  // as in the options
  std::string reason;  // for messages: why `auto` chose it; empty if it was named
};

// Checks that a named detector can have this file and side, without opening the file. @throws
// fer::OptionError for an unknown name (the known ones are named), a file or side given to a
// detector without one, and a side that none of its usual files has.
void check_detector(const DetectorOptions& options);

// `auto` chooses the first detector of the table (detector_kind.h) one of whose files is found.
// Reads no file, except a `model` with `auto`, whose content shows its kind. @throws
// fer::OptionError as check_detector() does; fer::NotFoundError, with all folders, if no file is
// found.
DetectorChoice choose_detector(const DetectorOptions& options);

// @throws fer::Error if the file is missing, broken or of another detector.
std::unique_ptr<Detector> open_detector(const DetectorChoice& choice);

// choose_detector(), then open_detector().
std::unique_ptr<Detector> make_detector(const DetectorOptions& options);

}  // namespace fer::detect
