// The table of the detectors: which one an option means on this machine, and how it is opened.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fer/detect/detector.h"

namespace fer::detect {

struct DetectorOptions {
  std::string name = "auto";    // one of detector_names()
  std::filesystem::path model;  // the detector's own file; empty: searched for in the usual folders
  int side = 0;  // of the square input of yunet (320 and 640: there is a file for each) and
                 // centerface (any multiple of 32); more finds smaller faces; 0: the usual, 320
};

// What DetectorOptions come to on this machine.
struct DetectorChoice {
  std::string name;             // one of detector_names(), never auto
  std::filesystem::path model;  // its file; empty for none
  int side = 0;                 // as in the options
  std::string reason;           // for people: why `auto` took this one; empty for a named one
};

// auto, yunet, centerface, haar, none. `auto` is the first of yunet, centerface and haar whose file
// is found (detector_files.h says where it is searched for).
std::vector<std::string> detector_names();

// Looks for files, reads none but a `model` given to `auto`, whose content says what it is.
// @throws fer::NotFoundError for a file that is found in no folder (all are named); fer::Error for
// an unknown name (the known ones are named), and a file or side given to a detector without one.
DetectorChoice choose_detector(const DetectorOptions& options);

// @throws fer::Error where the file is missing, broken or another detector's.
std::unique_ptr<Detector> open_detector(const DetectorChoice& choice);

// Chooses and opens.
std::unique_ptr<Detector> make_detector(const DetectorOptions& options);

}  // namespace fer::detect
