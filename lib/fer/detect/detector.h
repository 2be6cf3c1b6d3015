// The interface of face detectors.
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

namespace fer::detect {

// In pixels of the picture; guessed landmarks may lie outside of it. Right and left are the
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
  double score = 0.0;  // the detector's confidence, in [0, 1]; each detector defines its own
  std::optional<FaceLandmarks> landmarks = {};  // if the detector gives them
};

class Detector {
 public:
  virtual ~Detector() = default;

  // bgr: 8-bit BGR [H,W,3], not empty -> the faces from left to right; may be empty. Not safe to
  // call from two threads at once. @throws fer::Error if the detector itself fails.
  virtual std::vector<DetectedFace> detect(const cv::Mat& bgr) = 0;

  // The side of the square that every picture is scaled into before the search, which loses the
  // small faces of a large picture (see small_faces.h); 0 for detectors without such a square.
  virtual int input_side() const { return 0; }

  // Roughly the smallest face, in pixels, that is found in a picture of this size, as measured for
  // docs/detection.md; 0 if it does not depend on the picture's size.
  virtual int least_face(const cv::Size&) const { return 0; }

  // A function that makes equal detectors, which share this one's weights. Any thread may call it,
  // also after this detector is destroyed. Null if each detector must be opened by itself.
  virtual std::function<std::unique_ptr<Detector>()> copies() const { return nullptr; }
};

// Implements copies() for detectors with a copy constructor that shares large data.
template <typename Kind>
std::function<std::unique_ptr<Detector>()> copies_of(const Kind& detector) {
  return
      [first = std::make_shared<const Kind>(detector)] { return std::make_unique<Kind>(*first); };
}

}  // namespace fer::detect
