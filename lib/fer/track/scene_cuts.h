// Finds cuts in films, after which all faces are new.
#pragma once

#include <array>
#include <opencv2/core/mat.hpp>

namespace fer::track {

// A frame reduced to 16x16 grey levels, row by row, with mean 0 and deviation 1, so that a change
// of light has little effect.
using FrameLook = std::array<float, 256>;

// bgr: 8-bit BGR, not empty.
FrameLook look_of(const cv::Mat& bgr);

class SceneCuts {
 public:
  // Whether this frame begins another scene. False for frames further apart than kLongestStep,
  // between which everything may have moved.
  bool cut(const FrameLook& look, double time_s);

  static constexpr double kLongestStep = 0.15;  // seconds

 private:
  FrameLook last_{};
  double last_s_ = 0.0;
  bool begun_ = false;
};

}  // namespace fer::track
