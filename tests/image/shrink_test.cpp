#include "fer/image/shrink.h"

#include <opencv2/imgproc.hpp>

#include "support/catch.h"

namespace fer::image {
namespace {

cv::Mat noise(int height, int width) {
  cv::Mat picture(height, width, CV_8UC3);
  cv::RNG random(7);
  random.fill(picture, cv::RNG::UNIFORM, 0, 256);
  return picture;
}

TEST_CASE("A shrunk picture has the pixels that OpenCV makes of it", "[image][unit]") {
  struct Row {
    cv::Size from, to;
  };
  const std::vector<Row> rows = {
      {{853, 480}, {320, 180}}, {{640, 360}, {320, 180}}, {{321, 320}, {320, 320}},
      {{1000, 37}, {320, 12}},  {{37, 1000}, {12, 320}},  {{4000, 3000}, {320, 240}},
      {{7, 5}, {3, 4}},         {{5, 3}, {1, 1}},         {{481, 853}, {180, 320}},
      {{10'000, 1}, {320, 1}},  {{640, 333}, {320, 166}}, {{320, 481}, {320, 320}}};
  for (const Row& row : rows) {
    CAPTURE(row.from.width, row.from.height, row.to.width, row.to.height);
    const cv::Mat picture = noise(row.from.height, row.from.width);
    cv::Mat expected, got(row.to, CV_8UC3);
    cv::resize(picture, expected, row.to, 0, 0, cv::INTER_AREA);
    shrink(picture, got);
    CHECK(cv::norm(got, expected, cv::NORM_INF) == 0.0);
  }
}

TEST_CASE("A part of a picture is shrunk like one by itself, into a part of another",
          "[image][unit]") {
  const cv::Mat picture = noise(300, 400);
  const cv::Mat part = picture(cv::Rect(51, 33, 201, 155));
  cv::Mat expected, canvas(120, 200, CV_8UC3, cv::Scalar::all(9));
  cv::resize(part.clone(), expected, {90, 70}, 0, 0, cv::INTER_AREA);
  cv::Mat inside = canvas(cv::Rect(8, 4, 90, 70));
  shrink(part, inside);
  CHECK(cv::norm(canvas(cv::Rect(8, 4, 90, 70)), expected, cv::NORM_INF) == 0.0);
  CHECK(canvas.at<cv::Vec3b>(4, 98) == cv::Vec3b(9, 9, 9));
}

TEST_CASE("Other pictures are left to OpenCV", "[image][unit]") {
  cv::Mat grey(480, 853, CV_8UC1, cv::Scalar(77)), to(180, 320, CV_8UC1);
  shrink(grey, to);
  CHECK(cv::countNonZero(to != 77) == 0);
}

}  // namespace
}  // namespace fer::image
