#include "fer/api/picture_pixels.h"

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "fer/core/error.h"
#include "fer/opencv.h"
#include "support/catch.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

cv::Vec3b first_pixel(PixelFormat format, const std::array<std::uint8_t, 4>& bytes) {
  const cv::Mat bgr = bgr_of({.pixels = bytes.data(), .width = 1, .height = 1, .format = format});
  REQUIRE(bgr.type() == CV_8UC3);
  return bgr.at<cv::Vec3b>(0, 0);
}

TEST_CASE("Pixels of every format become BGR", "[api][unit]") {
  CHECK(first_pixel(PixelFormat::grey8, {7, 0, 0, 0}) == cv::Vec3b(7, 7, 7));
  CHECK(first_pixel(PixelFormat::bgr8, {1, 2, 3, 0}) == cv::Vec3b(1, 2, 3));
  CHECK(first_pixel(PixelFormat::rgb8, {1, 2, 3, 0}) == cv::Vec3b(3, 2, 1));
  CHECK(first_pixel(PixelFormat::bgra8, {1, 2, 3, 9}) == cv::Vec3b(1, 2, 3));
  CHECK(first_pixel(PixelFormat::rgba8, {1, 2, 3, 9}) == cv::Vec3b(3, 2, 1));
}

TEST_CASE("A stride says where the next row is, and 0 that it follows at once", "[api][unit]") {
  const std::vector<std::uint8_t> bytes = {1, 2, 90, 3, 4, 90};
  const ImageView gap{
      .pixels = bytes.data(), .width = 2, .height = 2, .stride = 3, .format = PixelFormat::grey8};
  CHECK(bgr_of(gap).at<cv::Vec3b>(1, 0)[0] == 3);
  const ImageView tight{
      .pixels = bytes.data(), .width = 3, .height = 2, .format = PixelFormat::grey8};
  CHECK(bgr_of(tight).at<cv::Vec3b>(1, 0)[0] == 3);
  CHECK(bgr_of(tight).at<cv::Vec3b>(0, 2)[0] == 90);
}

TEST_CASE("A view that is no picture is refused before a pixel is read", "[api][bad-input][unit]") {
  const std::uint8_t byte = 0;
  const auto refused = [](const ImageView& view, const char* why) {
    CHECK_THROWS_MATCHES(bgr_of(view), Error, MessageMatches(ContainsSubstring(why)));
  };
  refused({}, "0x0 pixels; both sides must be at least 1");
  refused({.pixels = &byte, .width = 5, .height = -1}, "5x-1");
  refused({.pixels = nullptr, .width = 5, .height = 5}, "null pointer");
  refused({.pixels = &byte, .width = 8, .height = 2, .stride = 23},
          "23 bytes is shorter than a row");
  refused({.pixels = &byte, .width = 10'001, .height = 10'000}, "allowed are 100000000");
  refused({.pixels = &byte, .width = 2'147'483'647, .height = 2'147'483'647}, "allowed are");
  refused({.pixels = &byte, .width = 1, .height = 1, .format = static_cast<PixelFormat>(77)},
          "pixel format 77 is not known");
}

TEST_CASE("A part of a cv::Mat is seen as it is", "[api][unit]") {
  cv::Mat picture(4, 6, CV_8UC3);
  cv::randu(picture, 0, 255);
  const cv::Mat part = picture(cv::Rect(2, 1, 3, 2));
  const cv::Mat seen = bgr_of(view(part));
  CHECK(cv::norm(seen, part, cv::NORM_INF) == 0.0);
  CHECK(view(cv::Mat(2, 2, CV_8UC1)).format == PixelFormat::grey8);
  CHECK(view(cv::Mat(2, 2, CV_8UC4)).format == PixelFormat::bgra8);
  CHECK_THROWS_MATCHES(view(cv::Mat()), Error, MessageMatches(ContainsSubstring("empty")));
  CHECK_THROWS_MATCHES(view(cv::Mat(2, 2, CV_16UC1)), Error,
                       MessageMatches(ContainsSubstring("CV_8UC3")));
}

}  // namespace
}  // namespace fer
