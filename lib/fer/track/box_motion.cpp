#include "fer/track/box_motion.h"

#include <algorithm>
#include <cmath>

namespace fer::track {

namespace {

// State: centre x, y, log width, log height, then their velocities per second.
constexpr int kMeasured = 4;
constexpr int kState = 2 * kMeasured;

constexpr double kFadingS = 1.0;      // time in which a velocity falls to 1/e
constexpr double kLongestStepS = 10;  // longer pauses count as this

// Standard deviations; positions in units of the face's size.
constexpr double kBoxNoise = 0.05;
constexpr double kLogSizeNoise = 0.08;
constexpr double kFirstVelocity = 2.0;
constexpr double kFirstGrowth = 0.5;
constexpr double kVelocityChange = 2.0;  // after a second
constexpr double kGrowthChange = 0.5;

double squared(double value) { return value * value; }

cv::Mat measurement_of(const cv::Rect2d& box) {
  return (cv::Mat_<double>(kMeasured, 1) << box.x + box.width / 2, box.y + box.height / 2,
          std::log(box.width), std::log(box.height));
}

// The unit of component i: the centre is measured in units of the face's size.
double unit(int i, const cv::Rect2d& box) { return i < 2 ? std::sqrt(box.area()) : 1.0; }

}  // namespace

BoxMotion::BoxMotion(const cv::Rect2d& box) : filter_(kState, kMeasured, 0, CV_64F) {
  measurement_of(box).copyTo(filter_.statePost.rowRange(0, kMeasured));
  for (int i = 0; i < kMeasured; ++i) {
    filter_.measurementMatrix.at<double>(i, i) = 1.0;
    const bool position = i < 2;
    const double noise = position ? kBoxNoise : kLogSizeNoise;
    const double velocity = position ? kFirstVelocity : kFirstGrowth;
    filter_.errorCovPost.at<double>(i, i) = squared(noise * unit(i, box));
    filter_.errorCovPost.at<double>(kMeasured + i, kMeasured + i) =
        squared(velocity * unit(i, box));
  }
}

void BoxMotion::predict(double seconds) {
  const double dt = std::min(seconds, kLongestStepS);
  const double left = std::exp(-dt / kFadingS);
  const cv::Rect2d now = box();
  for (int i = 0; i < kMeasured; ++i) {
    const int v = kMeasured + i;
    filter_.transitionMatrix.at<double>(i, v) = kFadingS * (1.0 - left);
    filter_.transitionMatrix.at<double>(v, v) = left;
    // Process noise of a velocity that changes at random: Y. Bar-Shalom et al., "Estimation with
    // Applications to Tracking and Navigation", 2001, section 6.2.2.
    const double q = squared((i < 2 ? kVelocityChange : kGrowthChange) * unit(i, now));
    filter_.processNoiseCov.at<double>(i, i) = q * dt * dt * dt / 3;
    filter_.processNoiseCov.at<double>(i, v) = q * dt * dt / 2;
    filter_.processNoiseCov.at<double>(v, i) = q * dt * dt / 2;
    filter_.processNoiseCov.at<double>(v, v) = q * dt;
  }
  filter_.predict();
}

void BoxMotion::correct(const cv::Rect2d& box) {
  for (int i = 0; i < kMeasured; ++i) {
    const double noise = i < 2 ? kBoxNoise : kLogSizeNoise;
    filter_.measurementNoiseCov.at<double>(i, i) = squared(noise * unit(i, box));
  }
  filter_.correct(measurement_of(box));
}

cv::Rect2d BoxMotion::box() const {
  const cv::Mat& state = filter_.statePost;
  const cv::Size2d size(std::exp(state.at<double>(2)), std::exp(state.at<double>(3)));
  return {{state.at<double>(0) - size.width / 2, state.at<double>(1) - size.height / 2}, size};
}

}  // namespace fer::track
