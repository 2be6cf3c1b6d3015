// Where the faces of a picture are.
#pragma once

#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

namespace fer {

// Pixels of the picture; parts a detector guesses may lie beyond it. Right and left are the
// person's own: in an upright face seen from the front, the right eye is on the picture's left.
struct FaceLandmarks {
  cv::Point2d right_eye;
  cv::Point2d left_eye;
  cv::Point2d nose;  // its tip
  cv::Point2d right_mouth;
  cv::Point2d left_mouth;  // corners
};

struct DetectedFace {
  cv::Rect box;        // pixels of the picture, cut at its borders, not empty
  double score = 0.0;  // how sure the detector is, in [0, 1]; each detector says what it counts
  std::optional<FaceLandmarks> landmarks = {};  // where the detector gives them
};

class Detector {
 public:
  virtual ~Detector() = default;

  // bgr: 8-bit BGR [H,W,3], not empty -> the faces from left to right; none is no error. Not safe
  // to call from two threads at once. @throws fer::Error where the detector itself fails.
  virtual std::vector<DetectedFace> detect(const cv::Mat& bgr) = 0;

  // The side of the square that every picture is fitted into before it is searched, in which the
  // small faces of a large picture are lost (see small_faces.h); 0 where there is none.
  virtual int input_side() const { return 0; }

  // About the smallest face, in pixels, that is found in a picture of this size; 0 where that does not
  // depend on its size. Measured, see docs/detection.md.
  virtual int least_face(const cv::Size&) const { return 0; }
};

struct DetectorOptions {
  std::string name = "auto";    // one of detector_names()
  std::filesystem::path model;  // the detector's own file; empty: the usual one, where it is found
  int side = 0;  // of the square input of yunet (320 and 640: there is a file for each) and
                 // centerface (any multiple of 32); more finds smaller faces; 0: the usual, 320
};

// What DetectorOptions come to on this machine.
struct DetectorChoice {
  std::string name;             // one of detector_names(), never auto
  std::filesystem::path model;  // its file; empty for none
  int side = 0;                 // as in the options
  std::string reason;           // for people: why this one, where the user did not say; else empty
};

// auto, yunet, centerface, haar, none. `auto` is the first of yunet, centerface and haar whose file
// is there (see detector_files.h for where).
std::vector<std::string> detector_names();

// Looks for files, reads none but a `model` given to `auto`, whose content says what it is.
// @throws fer::Error for an unknown name (naming those there are), a file that is nowhere (naming
// the places), and a file or side given to a detector that takes none.
DetectorChoice choose_detector(const DetectorOptions& options);

// @throws fer::Error where the file is missing, broken or another detector's.
std::unique_ptr<Detector> open_detector(const DetectorChoice& choice);

// Both in one.
std::unique_ptr<Detector> make_detector(const DetectorOptions& options);

}  // namespace fer
