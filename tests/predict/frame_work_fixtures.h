// Frames with as many faces as wanted, and a detector that finds them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fer/detect/detector.h"
#include "fer/predict/frame_work.h"
#include "source/frame_fixtures.h"

namespace fer::test {

// As many faces as the picture's first pixel says, side by side.
class CountingDetector final : public detect::Detector {
 public:
  std::vector<detect::DetectedFace> detect(const cv::Mat& bgr) override {
    std::vector<detect::DetectedFace> faces;
    for (int i = 0; i < bgr.at<cv::Vec3b>(0, 0)[0]; ++i) {
      faces.push_back({.box = {i * 10, 0, 10, 10}, .score = 0.5 + 0.1 * i});
    }
    return faces;
  }
};

template <class Kind>
std::unique_ptr<detect::Detector> open_new() {
  return std::make_unique<Kind>();
}

inline predict::FrameWork picture_with(int faces, const std::string& name) {
  predict::FrameWork work;
  work.prediction.frame.image = plain_picture(100, 20, faces);
  work.prediction.frame.source = name;
  return work;
}

inline predict::FrameWork video_frame(int faces, double time_s, const std::string& name = "v.mp4") {
  predict::FrameWork work = picture_with(faces, name);
  work.prediction.frame.time_s = time_s;
  work.prediction.frame.frames_per_second = 10.0;
  return work;
}

}  // namespace fer::test
