// Where a film jumps to another picture, and nobody in it is who was there before.
#pragma once

#include <array>
#include <opencv2/core/mat.hpp>

namespace fer::track {

// The look of a frame from far away: 16x16 grey levels, row by row, of mean 0 and deviation 1,
// so that light that goes on changes little.
using FrameLook = std::array<float, 256>;

// bgr: 8-bit BGR, not empty.
FrameLook look_of(const cv::Mat& bgr);

class SceneCuts {
 public:
  // Whether this frame begins another scene. Of frames further apart than kLongestStep nothing can
  // be said: all may have moved.
  bool cut(const FrameLook& look, double time_s);

  static constexpr double kLongestStep = 0.15;  // seconds

 private:
  FrameLook last_{};
  double last_s_ = 0.0;
  bool begun_ = false;
};

}  // namespace fer::track
