// The properties of each detector, in one table.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/option_error.h"
#include "fer/detect/detector.h"
#include "fer/detect/detector_files.h"
#include "fer/runtime/precision.h"

namespace fer::detect {

// The name of a file that a detector may come in.
struct UsualFile {
  std::string name;
  int side = 0;  // of the square input that the file is made for; 0: any
};

// The part of a detected face that is classified: the crop that is closest to FER2013's. The
// numbers are medians over its PublicTest images, pasted into a grey picture and found again
// (scripts/detection/pasted_faces.py).
struct UsualCrop {
  // true: a square around the box is cut out; false: the box itself, resized without keeping its
  // aspect ratio.
  bool square = true;
  double factor = 1.0;  // the square's side / the box's longer side
  // The square's centre minus the box's, downwards, as a fraction of the square's side; negative:
  // above.
  double down = 0.0;
};

// The entry of one detector in the table. Its file, NAME_detector.cpp, fills it in.
struct DetectorKind {
  // Opens the detector. `file`: empty where `files` is empty. `side`: of its input; 0: the default.
  // `precision`: float32 or bfloat16, for a network. @throws fer::Error where the file is missing,
  // broken or another detector's, and for bfloat16 on a processor without it.
  std::unique_ptr<Detector> (*open)(const std::filesystem::path& file, int side,
                                    runtime::Precision precision) = nullptr;

  // The preferred file first. If empty, the detector needs no file, and `auto` never chooses it.
  std::vector<UsualFile> files = {};
  Folders (*folders)() = detector_folders;  // where these are looked for
  Missing missing = Missing::detector;      // what programs advise if no file is found

  // A file of unknown kind belongs to this detector if it has this ending (".xml") or its ONNX
  // network has this output. file_is: what errors call such a file, "a YuNet detector".
  std::string file_ending = {};
  std::string onnx_output = {};
  std::string file_is = {};

  // For help: the sides that its input may have ("320 or 640"), and the one that 0 stands for.
  // Empty for detectors without an input of fixed size, which refuse `detector_size`.
  std::string sides = {};
  std::string usual_side = {};

  UsualCrop crop = {};

  // A warning for help and notices, after the name: "misses faces that are turned"; may be empty.
  std::string remark = {};
  // If `auto` falls back to it, a notice names the missing files and has the remark.
  bool last_resort = false;

  // deepface's name for it (serve/analyze.h); may be empty.
  std::string deepface = {};

  std::string name = {};  // as detectors.def has it; detector_kinds() fills it in
};

// The functions of the files, kinds::yunet() and so on.
namespace kinds {
#define FER_DETECTOR(name) DetectorKind name();
#include "fer/detect/detectors.def"
}  // namespace kinds

// All detectors, in the order of detectors.def.
const std::vector<DetectorKind>& detector_kinds();

// @throws fer::OptionError for an unknown name (the known ones are named, auto among them).
const DetectorKind& detector_kind(const std::string& name);

}  // namespace fer::detect
