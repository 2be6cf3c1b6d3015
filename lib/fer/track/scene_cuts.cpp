#include "fer/track/scene_cuts.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace fer::track {

namespace {

// The mean absolute difference of two looks that counts as a cut. In the test clip the three cuts
// have 0.70 to 0.80, fast movement at most 0.29.
constexpr float kCut = 0.5F;

// Added to the deviation, so that noise in a dark frame is not amplified to a picture.
constexpr double kDarkNoise = 4.0;

}  // namespace

FrameLook look_of(const cv::Mat& bgr) {
  cv::Mat small, grey;
  cv::resize(bgr, small, {16, 16}, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, grey, cv::COLOR_BGR2GRAY);
  cv::Scalar mean, deviation;
  cv::meanStdDev(grey, mean, deviation);
  FrameLook look{};
  std::size_t at = 0;
  for (const auto level : cv::Mat_<std::uint8_t>(grey)) {
    look[at++] = static_cast<float>((level - mean[0]) / (deviation[0] + kDarkNoise));
  }
  return look;
}

bool SceneCuts::cut(const FrameLook& look, double time_s) {
  const double step = time_s - last_s_;
  const bool comparable = begun_ && step >= 0.0 && step <= kLongestStep;
  float difference = 0.0F;
  for (std::size_t i = 0; i < look.size(); ++i) difference += std::abs(look[i] - last_[i]);
  last_ = look;
  last_s_ = time_s;
  begun_ = true;
  return comparable && difference / static_cast<float>(look.size()) > kCut;
}

}  // namespace fer::track
