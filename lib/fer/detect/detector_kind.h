// What a detector says of itself, and the table of them all.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/option_error.h"
#include "fer/detect/detector.h"
#include "fer/detect/detector_files.h"

namespace fer::detect {

// One of the files that a detector is looked for by.
struct UsualFile {
  std::string name;
  int side = 0;  // of the square input that it is made for; 0: it takes any
};

// The part of a detected face that is classified: the crop that comes nearest to FER2013's own.
// The numbers are medians over its PublicTest images, pasted into a grey picture and found again
// (scripts/detection/pasted_faces.py).
struct UsualCrop {
  // A square around the box; false: the box itself, each way scaled by itself.
  bool square = true;
  double factor = 1.0;  // the square's side / the box's longer side
  double down = 0.0;    // how far the square's centre is below the box's, in parts of its side
};

// The entry of one detector in the table. Its file, NAME_detector.cpp, fills it in.
struct DetectorKind {
  // Opens it with this file, which is empty where `files` is, for an input of this side, 0 being
  // the usual one. @throws fer::Error where the file is missing, broken or another detector's.
  std::unique_ptr<Detector> (*open)(const std::filesystem::path& file, int side) = nullptr;

  // The preferred file first. Without any, the detector needs no file, and `auto` passes it over.
  std::vector<UsualFile> files = {};
  Folders (*folders)() = detector_folders;  // where these are looked for
  Missing missing = Missing::detector;      // what programs advise where none is found

  // How a file of unknown kind is told to be this detector's: its ending (".xml"), or an output
  // that its ONNX network has; and what it then is: "a YuNet detector".
  std::string file_ending = {};
  std::string onnx_output = {};
  std::string file_is = {};

  // For help: the sides that its input may have ("320 or 640"), and the one that 0 stands for.
  // Empty for detectors without an input of fixed size, which refuse `detector_size`.
  std::string sides = {};
  std::string usual_side = {};

  UsualCrop crop = {};

  // For help and notices, behind the name: "misses faces that are turned". Empty: nothing to warn
  // of.
  std::string remark = {};
  bool last_resort = false;  // where `auto` takes it, it says what was not found, and the remark

  // What deepface's clients call it (serve/analyze.h). Empty: they have no name for it.
  std::string deepface = {};

  std::string name = {};  // as detectors.def has it; detector_kinds() fills it in
};

// The functions of the files, kinds::yunet() and so on.
namespace kinds {
#define FER_DETECTOR(name) DetectorKind name();
#include "fer/detect/detectors.def"
}  // namespace kinds

// In the order of detectors.def.
const std::vector<DetectorKind>& detector_kinds();

// @throws fer::OptionError for an unknown name (the known ones are named, auto among them).
const DetectorKind& detector_kind(const std::string& name);

}  // namespace fer::detect
