#include "fer/predict/face_crop.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "fer/core/error.h"
#include "fer/detect/detector_kind.h"
#include "fer/image/image.h"

namespace fer::predict {

namespace {

// Eyes that are closer to each other than this part of the box belong to a profile, whose line
// through the eyes does not show the tilt.
constexpr double kLeastEyeDistance = 0.1;

// Degrees of tilt up to which a face is not turned. Classifiers are trained on faces turned by up
// to 15 degrees, and the line through detected eyes is a few degrees off; docs/detection.md has the
// measurements.
constexpr double kUsualTilt = 12.0;

// Upright boxes around turned faces are larger, by this number times the sine of the angle (the
// median of CenterFace's boxes around pasted faces turned by up to 60 degrees).
constexpr double kBoxGrowth = 0.15;

// The largest side of a turned crop, in pixels, which is more than any network takes; larger crops
// are shrunk while they are turned.
constexpr double kLargestTurned = 1024.0;

double angle_of_eyes(const detect::DetectedFace& face) {
  if (!face.landmarks) return 0.0;
  const cv::Point2d across = face.landmarks->left_eye - face.landmarks->right_eye;
  const double least = kLeastEyeDistance * std::max(face.box.width, face.box.height);
  return std::hypot(across.x, across.y) < least ? 0.0 : std::atan2(across.y, across.x);
}

// The angle by which to turn the crop of this face.
double angle_of_crop(const detect::DetectedFace& face, Align align) {
  if (align == Align::off) return 0.0;
  const double tilt = angle_of_eyes(face);
  const bool usual = std::abs(tilt) <= kUsualTilt * std::numbers::pi / 180.0;
  return align == Align::automatic && usual ? 0.0 : tilt;
}

cv::Rect upright_box(const FaceCrop& crop) {
  const cv::Size size(std::max(1, cvRound(crop.size.width)),
                      std::max(1, cvRound(crop.size.height)));
  return {cvRound(crop.centre.x - size.width / 2.0), cvRound(crop.centre.y - size.height / 2.0),
          size.width, size.height};
}

// The part of the picture that a turned crop can reach, plus a pixel all around for interpolation,
// because OpenCV cannot turn pictures of 32,767 pixels a side.
cv::Rect reach_of(const FaceCrop& crop, const cv::Size& picture) {
  const double radius = std::hypot(crop.size.width, crop.size.height) / 2.0 + 2.0;
  const cv::Rect2d around(crop.centre.x - radius, crop.centre.y - radius, 2.0 * radius,
                          2.0 * radius);
  const cv::Rect2d inside = around & cv::Rect2d(0.0, 0.0, picture.width, picture.height);
  const cv::Point from(cvFloor(inside.x), cvFloor(inside.y));
  const cv::Point to(cvCeil(inside.br().x), cvCeil(inside.br().y));
  return cv::Rect(from, to) & cv::Rect({0, 0}, picture);
}

cv::Mat turned_upright(const cv::Mat& picture, FaceCrop crop) {
  const cv::Rect reach = reach_of(crop, picture.size());
  if (reach.empty()) throw Error("face pixels: the crop holds nothing of the picture");
  const cv::Mat image = picture(reach);
  crop.centre -= cv::Point2d(reach.tl());
  const double shrink =
      std::max({1.0, crop.size.width / kLargestTurned, crop.size.height / kLargestTurned});
  const cv::Size size(std::max(1, cvRound(crop.size.width / shrink)),
                      std::max(1, cvRound(crop.size.height / shrink)));
  const double across = std::cos(crop.angle) * shrink;
  const double along = std::sin(crop.angle) * shrink;
  // Maps the upright patch to the picture; OpenCV's coordinates are those of pixel centres.
  const double x = (size.width - 1) / 2.0;
  const double y = (size.height - 1) / 2.0;
  const cv::Matx23d to_picture(across, -along, crop.centre.x - 0.5 - across * x + along * y,  //
                               along, across, crop.centre.y - 0.5 - along * x - across * y);
  cv::Mat patch;
  cv::warpAffine(image, patch, to_picture, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  return patch;
}

}  // namespace

std::span<const std::string_view> choice_names(Align) {
  static constexpr std::string_view kNames[] = {"auto", "on", "off"};
  return kNames;
}

CropOptions usual_crop(const std::string& detector) {
  const detect::UsualCrop& usual = detect::detector_kind(detector).crop;
  return {.square = usual.square,
          .factor = usual.factor,
          .down = usual.down,
          .align = Align::automatic};
}

FaceCrop crop_of(const detect::DetectedFace& face, const CropOptions& options) {
  const cv::Rect2d box(face.box);
  FaceCrop crop{.centre = (box.tl() + box.br()) / 2, .size = box.size()};
  crop.angle = angle_of_crop(face, options.align);
  if (options.square) {
    const double growth = 1.0 + kBoxGrowth * std::abs(std::sin(crop.angle));
    const double side = options.factor * std::max(box.width, box.height) / growth;
    crop.size = {side, side};
    // Downwards in the turned face.
    crop.centre += cv::Point2d(-std::sin(crop.angle), std::cos(crop.angle)) * options.down * side;
  }
  return crop;
}

namespace {

// A picture, and the box in it that holds the upright crop: the picture itself, unless the crop is
// turned or too large to be cut out at once.
std::pair<cv::Mat, cv::Rect> upright(const cv::Mat& image, const FaceCrop& crop) {
  const cv::Rect box = upright_box(crop);
  const bool small = std::int64_t{box.width} * box.height <= image::kMaxImagePixels;
  if ((crop.angle == 0.0 && small) || image.empty()) return {image, box};
  const cv::Mat turned = turned_upright(image, crop);
  return {turned, cv::Rect({0, 0}, turned.size())};
}

}  // namespace

std::vector<std::uint8_t> face_bytes(const cv::Mat& image, const FaceCrop& crop,
                                     const FaceFormat& format) {
  const auto [picture, box] = upright(image, crop);
  return image::face_bytes(picture, box, format);
}

}  // namespace fer::predict
