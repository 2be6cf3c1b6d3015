#include "fer/detect/letterbox.h"

#include <algorithm>
#include <cmath>

#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::detect {
namespace {

TEST_CASE("the longer side of the picture fills the square", "[detect][unit]") {
  for (const cv::Size size : {cv::Size(640, 480), cv::Size(480, 640), cv::Size(48, 48),
                              cv::Size(6000, 17), cv::Size(320, 320), cv::Size(1, 1)}) {
    CAPTURE(size.width, size.height);
    const double longer = std::max(size.width, size.height);
    CHECK(std::abs(Letterbox(size, 320).to_picture(320.0) - longer) < 1e-9);
  }
  CHECK(Letterbox({640, 480}, 320).to_picture({50, 100}) == cv::Point2d(100, 200));
  CHECK(Letterbox({640, 480}, 320).to_picture(8.0) == 16.0);
}

TEST_CASE("the picture keeps its shape in the square's corner and the rest is black",
          "[detect][unit]") {
  const cv::Mat square = Letterbox({640, 480}, 320).apply(test::plain_picture(640, 480, 200));
  REQUIRE(square.size() == cv::Size(320, 320));
  CHECK(cv::countNonZero(square.reshape(1)(cv::Rect(0, 0, 960, 240)) != 200) == 0);
  CHECK(cv::countNonZero(square.reshape(1)(cv::Rect(0, 240, 960, 80))) == 0);
}

TEST_CASE("what is at a point of the picture is at that point of the square", "[detect][unit]") {
  cv::Mat picture = test::plain_picture(1000, 600, 0);
  picture(cv::Rect(700, 300, 100, 100)).setTo(cv::Scalar::all(255));
  const Letterbox letterbox(picture.size(), 320);
  const cv::Mat square = letterbox.apply(picture);
  const auto level_at = [&](double x, double y) {
    return square.at<cv::Vec3b>(cv::Point(cv::Point2d(x, y) / letterbox.to_picture(1.0)))[0];
  };
  CHECK(level_at(750, 350) == 255);
  CHECK(level_at(720, 380) == 255);
  CHECK(level_at(680, 350) == 0);
  CHECK(level_at(750, 420) == 0);
}

TEST_CASE("strips still have a row in the square", "[detect][unit]") {
  const cv::Mat wide = Letterbox({10'000, 1}, 320).apply(test::plain_picture(10'000, 1, 90));
  CHECK(cv::countNonZero(wide.reshape(1)) == 320 * 3);
  const cv::Mat tall = Letterbox({1, 10'000}, 320).apply(test::plain_picture(1, 10'000, 90));
  CHECK(cv::countNonZero(tall.reshape(1)) == 320 * 3);
}

}  // namespace
}  // namespace fer::detect
