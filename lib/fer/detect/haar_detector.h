// Frontal faces by a cascade of Haar-like features: P. Viola and M. Jones, "Rapid Object Detection
// using a Boosted Cascade of Simple Features", CVPR 2001, with OpenCV's trained cascades.
#pragma once

#include <filesystem>
#include <opencv2/objdetect.hpp>
#include <vector>

#include "fer/detect/detector.h"

namespace fer::detect {

// A face's score is n / (n + m), where n overlapping windows of the scan agreed on it and m is the
// number needed: 0.5 for one that has just enough, towards 1 for many. It needs no constant of the
// cascade; the last-stage sums OpenCV offers instead are on a scale of their own for each cascade.
class HaarDetector final : public Detector {
 public:
  // @throws fer::Error where the file is missing or no cascade.
  explicit HaarDetector(const std::filesystem::path& cascade);

  std::vector<DetectedFace> detect(const cv::Mat& bgr) override;
  int least_face(const cv::Size& picture) const override;

 private:
  cv::CascadeClassifier cascade_;
};

}  // namespace fer::detect
