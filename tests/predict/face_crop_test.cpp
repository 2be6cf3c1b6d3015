#include "fer/predict/face_crop.h"

#include <cmath>
#include <numbers>

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "predict/detector_fixtures.h"
#include "support/catch.h"

namespace fer {
namespace {

constexpr CropOptions kSquare{.square = true, .factor = 1.0, .down = 0.0, .level_eyes = false};

DetectedFace face_at(const cv::Rect& box) { return {.box = box, .score = 1.0, .landmarks = {}}; }

DetectedFace face_with_eyes(const cv::Rect& box, const cv::Point2d& right,
                            const cv::Point2d& left) {
  FaceLandmarks landmarks;
  landmarks.right_eye = right;
  landmarks.left_eye = left;
  return {.box = box, .score = 1.0, .landmarks = landmarks};
}

// Grey levels that name their place: steeper to the right than down.
cv::Mat slope(int width, int height) {
  cv::Mat picture(height, width, CV_8UC1);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      picture.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>((2 * x + y) / 4 % 256);
    }
  }
  return picture;
}

int level(const FacePixels& pixels, int x, int y) {
  return pixels[static_cast<std::size_t>(y * kFaceSide + x)];
}

TEST_CASE("the crop is a square around the box's centre, by the longer side", "[predict][unit]") {
  CropOptions options = kSquare;
  options.factor = 1.5;
  const FaceCrop crop = crop_of(face_at({100, 50, 40, 60}), options);
  CHECK(crop.centre == cv::Point2d(120, 80));
  CHECK(crop.size == cv::Size2d(90, 90));
  CHECK(crop.angle == 0.0);
  options.down = 0.1;
  CHECK(crop_of(face_at({100, 50, 40, 60}), options).centre == cv::Point2d(120, 89));
}

TEST_CASE("an upright crop is face_pixels of that square", "[predict][unit]") {
  const cv::Mat picture = slope(300, 200);
  const FaceCrop crop = crop_of(face_at({100, 50, 40, 60}), kSquare);
  CHECK(face_pixels(picture, crop) == face_pixels(picture, cv::Rect(90, 50, 60, 60)));
}

TEST_CASE("every detector of the table has its usual crop, and none keeps the box as it is",
          "[predict][unit]") {
  for (const std::string& name : detector_names()) {
    CAPTURE(name);
    const CropOptions usual = usual_crop(name);
    CHECK(usual.factor >= 0.8);
    CHECK(usual.factor <= 1.5);
    CHECK(usual.square == (name != "none"));
  }
  const cv::Mat picture = slope(61, 33);
  const DetectedFace whole = face_at({0, 0, 61, 33});
  CHECK(face_pixels(picture, crop_of(whole, usual_crop("none"))) == face_pixels(picture));
}

TEST_CASE("level eyes turn the crop by the line through them", "[predict][unit]") {
  CropOptions options = kSquare;
  options.level_eyes = true;
  options.down = 0.1;
  const double pi = std::numbers::pi;
  const cv::Rect box(100, 100, 80, 80);
  const FaceCrop level = crop_of(face_with_eyes(box, {120, 130}, {160, 130}), options);
  CHECK(level.angle == 0.0);
  CHECK(level.centre == cv::Point2d(140, 148));
  // The face's own left eye is lower: it is turned clockwise, and "down" goes left.
  const FaceCrop turned = crop_of(face_with_eyes(box, {130, 120}, {150, 140}), options);
  CHECK(std::abs(turned.angle - pi / 4) < 1e-9);
  CHECK(std::abs(turned.centre.x - (140 - 8 * std::sqrt(0.5))) < 1e-9);
  CHECK(std::abs(turned.centre.y - (140 + 8 * std::sqrt(0.5))) < 1e-9);
  // A profile's eyes, no landmarks, or not asked for.
  CHECK(crop_of(face_with_eyes(box, {140, 120}, {143, 126}), options).angle == 0.0);
  CHECK(crop_of(face_at(box), options).angle == 0.0);
  options.level_eyes = false;
  CHECK(crop_of(face_with_eyes(box, {130, 120}, {150, 140}), options).angle == 0.0);
}

TEST_CASE("a turned crop shows what the upright one showed before the picture was turned",
          "[predict][unit]") {
  const cv::Mat picture = slope(400, 400);
  const FaceCrop upright{.centre = {200, 200}, .size = {120, 120}, .angle = 0.0};
  const FacePixels expected = face_pixels(picture, upright);
  for (const double degrees : {1e-7, 10.0, -25.0, 90.0, 180.0}) {
    CAPTURE(degrees);
    // OpenCV's angles count against the clock; pixel centres lie at whole numbers.
    const cv::Mat turn = cv::getRotationMatrix2D({199.5F, 199.5F}, -degrees, 1.0);
    cv::Mat turned;
    cv::warpAffine(picture, turned, turn, picture.size(), cv::INTER_LINEAR);
    const FaceCrop crop{
        .centre = {200, 200}, .size = {120, 120}, .angle = degrees * std::numbers::pi / 180};
    const FacePixels pixels = face_pixels(turned, crop);
    for (const int at : {5, 20, 24, 40}) {
      CHECK(std::abs(level(pixels, at, 47 - at) - level(expected, at, 47 - at)) <= 2);
      CHECK(std::abs(level(pixels, 10, at) - level(expected, 10, at)) <= 2);
    }
  }
}

TEST_CASE("crops reach beyond the picture and may be huge or tiny", "[predict][unit]") {
  const cv::Mat picture(200, 300, CV_8UC3, cv::Scalar::all(77));
  for (const double angle : {0.0, 0.3}) {
    for (const double side : {0.2, 1.0, 150.0, 5000.0}) {
      CAPTURE(angle, side);
      const FaceCrop crop{.centre = {10, 190}, .size = {side, side}, .angle = angle};
      const FacePixels pixels = face_pixels(picture, crop);
      CHECK(level(pixels, 0, 47) == 77);
      CHECK(level(pixels, 47, 0) == 77);
    }
  }
  CHECK_THROWS_AS(face_pixels(cv::Mat(), FaceCrop{.centre = {1, 1}, .size = {2, 2}, .angle = 0.3}),
                  Error);
}

}  // namespace
}  // namespace fer
