#include "fer/predict/face_crop.h"

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

#include "detect/detector_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/options.h"
#include "fer/detect/detector_kind.h"
#include "fer/image/image.h"
#include "support/catch.h"
#include "support/face_pixels.h"

namespace fer::predict {
namespace {

FacePixels face_pixels(const cv::Mat& image, const FaceCrop& crop) {
  return test::as_pixels(face_bytes(image, crop, {}));
}

constexpr CropOptions kSquare{.square = true, .factor = 1.0, .down = 0.0, .align = Align::off};

detect::DetectedFace face_at(const cv::Rect& box) {
  return {.box = box, .score = 1.0, .landmarks = {}};
}

detect::DetectedFace face_with_eyes(const cv::Rect& box, const cv::Point2d& right,
                                    const cv::Point2d& left) {
  detect::FaceLandmarks landmarks;
  landmarks.right_eye = right;
  landmarks.left_eye = left;
  return {.box = box, .score = 1.0, .landmarks = landmarks};
}

// Grey levels that identify their place: steeper to the right than down.
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

TEST_CASE("an upright crop is face_bytes of that square", "[predict][unit]") {
  const cv::Mat picture = slope(300, 200);
  const FaceCrop crop = crop_of(face_at({100, 50, 40, 60}), kSquare);
  CHECK(face_pixels(picture, crop) ==
        test::as_pixels(image::face_bytes(picture, cv::Rect(90, 50, 60, 60), {})));
}

TEST_CASE("every detector of the table has its usual crop, and none keeps the box as it is",
          "[predict][unit]") {
  for (const detect::DetectorKind& kind : detect::detector_kinds()) {
    const std::string& name = kind.name;
    CAPTURE(name);
    const CropOptions usual = usual_crop(name);
    CHECK(usual.factor >= 0.8);
    CHECK(usual.factor <= 1.5);
    CHECK(usual.square == (name != "none"));
  }
  const cv::Mat picture = slope(61, 33);
  const detect::DetectedFace whole = face_at({0, 0, 61, 33});
  CHECK(face_pixels(picture, crop_of(whole, usual_crop("none"))) ==
        test::as_pixels(image::face_bytes(picture, FaceFormat{})));
}

TEST_CASE("level eyes turn the crop by the line through them", "[predict][unit]") {
  CropOptions options = kSquare;
  options.align = Align::on;
  options.down = 0.1;
  const double pi = std::numbers::pi;
  const cv::Rect box(100, 100, 80, 80);
  const FaceCrop level = crop_of(face_with_eyes(box, {120, 130}, {160, 130}), options);
  CHECK(level.angle == 0.0);
  CHECK(level.centre == cv::Point2d(140, 148));
  // The face's own left eye is lower: it is turned clockwise, and "down" goes left.
  const FaceCrop turned = crop_of(face_with_eyes(box, {130, 120}, {150, 140}), options);
  CHECK(std::abs(turned.angle - pi / 4) < 1e-9);
  const double down = 0.1 * turned.size.width;
  CHECK(std::abs(turned.centre.x - (140 - down * std::sqrt(0.5))) < 1e-9);
  CHECK(std::abs(turned.centre.y - (140 + down * std::sqrt(0.5))) < 1e-9);
  // A profile's eyes, no landmarks, or not asked for.
  CHECK(crop_of(face_with_eyes(box, {140, 120}, {143, 126}), options).angle == 0.0);
  CHECK(crop_of(face_at(box), options).angle == 0.0);
  options.align = Align::off;
  CHECK(crop_of(face_with_eyes(box, {130, 120}, {150, 140}), options).angle == 0.0);
}

// Eyes 40 pixels apart about (140, 130), the person's left one lower by this angle.
detect::DetectedFace tilted_face(double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const cv::Point2d half(20 * std::cos(angle), 20 * std::sin(angle));
  const cv::Point2d middle(140, 130);
  return face_with_eyes({100, 100, 80, 80}, middle - half, middle + half);
}

TEST_CASE("by default only faces are turned that are tilted by more than models are trained on",
          "[predict][unit]") {
  for (const std::string detector : {"yunet", "centerface"}) {
    for (const double degrees : {-80.0, -45.0, -20.0, -8.0, 0.0, 8.0, 20.0, 45.0, 90.0}) {
      CAPTURE(detector, degrees);
      const double turned = crop_of(tilted_face(degrees), usual_crop(detector)).angle;
      const double expected = std::abs(degrees) > 15 ? degrees * std::numbers::pi / 180 : 0.0;
      CHECK(std::abs(turned - expected) < 1e-9);
    }
  }
}

TEST_CASE("the names of alignments are auto, on and off", "[predict][unit]") {
  CHECK(choice_name(Align::automatic) == "auto");
  CHECK(choice_name(Align::on) == "on");
  CHECK(choice_name(Align::off) == "off");
}

double mean_difference(const FacePixels& a, const FacePixels& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(int{a[i]} - int{b[i]});
  return sum / static_cast<double>(a.size());
}

// A face of discs: head, eyes and mouth, on a wall that is lighter to the right.
cv::Mat drawn_face() {
  cv::Mat picture(400, 400, CV_8UC1);
  for (int x = 0; x < picture.cols; ++x) picture.col(x).setTo(60 + x / 8);
  cv::ellipse(picture, {200, 200}, {50, 65}, 0, 0, 360, cv::Scalar(200), cv::FILLED);
  cv::circle(picture, {180, 185}, 7, cv::Scalar(20), cv::FILLED);
  cv::circle(picture, {220, 185}, 7, cv::Scalar(20), cv::FILLED);
  cv::ellipse(picture, {200, 232}, {20, 8}, 0, 0, 360, cv::Scalar(90), cv::FILLED);
  return picture;
}

TEST_CASE("a tilted face in the picture is classified by nearly the pixels of the upright one",
          "[predict][unit]") {
  const cv::Mat picture = drawn_face();
  const CropOptions usual = usual_crop("centerface");
  const detect::DetectedFace upright = face_with_eyes({150, 135, 100, 130}, {180, 185}, {220, 185});
  const FacePixels expected = face_pixels(picture, crop_of(upright, usual));
  // Sides of CenterFace's boxes about pasted faces, relative to those of upright ones.
  struct Turn {
    double degrees, growth;
  };
  for (const Turn& turn : {Turn{20, 1.03}, Turn{30, 1.06}, Turn{45, 1.09}, Turn{-60, 1.14}}) {
    CAPTURE(turn.degrees);
    const cv::Mat by = cv::getRotationMatrix2D({199.5F, 199.5F}, -turn.degrees, 1.0);
    cv::Mat turned;
    cv::warpAffine(picture, turned, by, picture.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    const double angle = turn.degrees * std::numbers::pi / 180;
    const auto moved = [&](double x, double y) {
      return cv::Point2d(200 + std::cos(angle) * x - std::sin(angle) * y,
                         200 + std::sin(angle) * x + std::cos(angle) * y);
    };
    const int side = cvRound(130 * turn.growth);
    const detect::DetectedFace tilted = face_with_eyes({200 - side / 2, 200 - side / 2, side, side},
                                                       moved(-20, -15), moved(20, -15));
    CHECK(mean_difference(face_pixels(turned, crop_of(tilted, usual)), expected) < 6.0);
    CropOptions off = usual;
    off.align = Align::off;
    CHECK(mean_difference(face_pixels(turned, crop_of(tilted, off)), expected) > 12.0);
  }
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
}  // namespace fer::predict
