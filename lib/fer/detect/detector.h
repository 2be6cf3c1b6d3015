// Where the faces of a picture are.
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

namespace fer::detect {

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

  // bgr: 8-bit BGR [H,W,3], not empty -> the faces from left to right; none is not an error. Not
  // safe to call from two threads at once. @throws fer::Error where the detector itself fails.
  virtual std::vector<DetectedFace> detect(const cv::Mat& bgr) = 0;

  // The side of the square that every picture is fitted into before it is searched, in which the
  // small faces of a large picture are lost (see small_faces.h); 0 where there is none.
  virtual int input_side() const { return 0; }

  // About the smallest face, in pixels, that is found in a picture of this size; 0 where that does
  // not depend on its size. Measured, see docs/detection.md.
  virtual int least_face(const cv::Size&) const { return 0; }

  // Makes detectors that find the same and share this one's weights; any thread may call it, also
  // after this one's end. Null where each has to be opened by itself.
  virtual std::function<std::unique_ptr<Detector>()> copies() const { return nullptr; }
};

// Makes copies of a detector, for detectors whose copies share what is large.
template <typename Kind>
std::function<std::unique_ptr<Detector>()> copies_of(const Kind& detector) {
  return
      [first = std::make_shared<const Kind>(detector)] { return std::make_unique<Kind>(*first); };
}

}  // namespace fer::detect
