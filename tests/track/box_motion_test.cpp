#include "fer/track/box_motion.h"

#include <cmath>

#include "fer/detect/face_candidates.h"
#include "support/catch.h"

namespace fer::track {
namespace {

// A face of 60x80 that moves at (vx, vy) pixels a second and grows by `growth` a second.
cv::Rect2d box_at(double time_s, double vx, double vy, double growth) {
  const double scale = std::exp(growth * time_s);
  const cv::Size2d size(60 * scale, 80 * scale);
  return {{200 + vx * time_s - size.width / 2, 150 + vy * time_s - size.height / 2}, size};
}

TEST_CASE("a face that was seen once stays where it was", "[track][unit]") {
  BoxMotion motion({10, 20, 60, 80});
  motion.predict(0.5);
  CHECK(detect::overlap(motion.box(), {10, 20, 60, 80}) > 0.999);
}

TEST_CASE("a steady movement is followed and foreseen, at any frame rate", "[track][unit]") {
  for (const double rate : {5.0, 30.0}) {
    CAPTURE(rate);
    BoxMotion motion(box_at(0.0, 120, -60, 0.2));
    double time_s = 0.0;
    for (int i = 1; i <= int(2 * rate); ++i) {
      motion.predict(1 / rate);
      time_s = i / rate;
      motion.correct(box_at(time_s, 120, -60, 0.2));
      CHECK(detect::overlap(motion.box(), box_at(time_s, 120, -60, 0.2)) > 0.8);
    }
    motion.predict(0.2);
    CHECK(detect::overlap(motion.box(), box_at(time_s + 0.2, 120, -60, 0.2)) > 0.8);
  }
}

TEST_CASE("what is not seen for long slows down and keeps a size", "[track][unit]") {
  BoxMotion motion(box_at(0.0, 300, 0, -2.0));
  for (int i = 1; i <= 20; ++i) {
    motion.predict(0.05);
    motion.correct(box_at(0.05 * i, 300, 0, -2.0));
  }
  const cv::Rect2d last = motion.box();
  for (int i = 0; i < 1000; ++i) motion.predict(0.1);
  const cv::Rect2d later = motion.box();
  CHECK(later.width > 0.0);
  CHECK(later.height > 0.0);
  const double moved = later.x + later.width / 2 - last.x - last.width / 2;
  CHECK(moved > 100.0);
  CHECK(moved < 400.0);  // at 300 pixels a second it would be 30,000
  motion.predict(1e9);
  CHECK(std::isfinite(motion.box().area()));
}

}  // namespace
}  // namespace fer::track
