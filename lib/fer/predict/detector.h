// Where the faces of a picture are.
#pragma once

#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

namespace fer {

struct DetectedFace {
  cv::Rect box;        // pixels of the picture
  double score = 0.0;  // how sure the detector is, in [0, 1]; each detector says what it counts
};

class Detector {
 public:
  virtual ~Detector() = default;

  // bgr: 8-bit BGR [H,W,3], not empty -> the faces from left to right; none is no error. Not safe
  // to call from two threads at once. @throws fer::Error where the detector itself fails.
  virtual std::vector<DetectedFace> detect(const cv::Mat& bgr) = 0;
};

struct DetectorOptions {
  std::string name = "auto";    // one of detector_names()
  std::filesystem::path model;  // the detector's own file; empty: the usual one
};

std::vector<std::string> detector_names();

// @throws fer::Error for an unknown name (naming those there are), a model file that is missing or
// does not fit, and one given to a detector that takes none.
std::unique_ptr<Detector> make_detector(const DetectorOptions& options);

}  // namespace fer
