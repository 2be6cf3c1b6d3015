// Frontal faces by a cascade of Haar-like features: P. Viola and M. Jones, "Rapid Object Detection
// using a Boosted Cascade of Simple Features", CVPR 2001, with OpenCV's trained cascades.
#pragma once

#include <filesystem>
#include <opencv2/objdetect.hpp>
#include <vector>

#include "fer/detect/detector.h"

namespace fer::detect {

// A face's score is n / (n + m), where n overlapping windows of the scan agreed on it and m is the
// number needed: 0.5 for just enough windows, towards 1 for many. OpenCV's other score, the sum of
// the last stage, has another scale for every cascade.
class HaarDetector final : public Detector {
 public:
  // @throws fer::Error if the file is missing or is no cascade.
  explicit HaarDetector(const std::filesystem::path& cascade);

  std::vector<DetectedFace> detect(const cv::Mat& bgr) override;
  int least_face(const cv::Size& picture) const override;

 private:
  cv::CascadeClassifier cascade_;
};

}  // namespace fer::detect
