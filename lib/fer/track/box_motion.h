// Estimates where a face's box is and goes, from noisy boxes at uneven times.
#pragma once

#include <opencv2/core/types.hpp>
#include <opencv2/video/tracking.hpp>

namespace fer::track {

// A Kalman filter over centre and logarithm of the size (which keeps sizes positive), each with its
// velocity. Velocities fade while the face is not seen, so that a face that was hidden for a while
// is searched for near by. All noise is proportional to the face's size.
class BoxMotion {
 public:
  // box: not empty.
  explicit BoxMotion(const cv::Rect2d& box);

  // seconds: since the last call, not negative.
  void predict(double seconds);
  void correct(const cv::Rect2d& box);
  cv::Rect2d box() const;

 private:
  cv::KalmanFilter filter_;
};

}  // namespace fer::track
