// Cuts detected faces out of pictures for the classifier.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/face.h"
#include "fer/detect/detector.h"

namespace fer::predict {

// Whether to turn faces so that their eyes are level, with detectors that find the eyes.
enum class Align {
  automatic,  // only faces that are tilted by more than 12 degrees
  on,
  off,
};

std::span<const std::string_view> choice_names(Align);  // auto, on, off

struct CropOptions {
  // true: a square around the box is cut out; false: the box itself, resized without keeping its
  // aspect ratio, as pictures of training folders are.
  bool square = true;
  double factor = 1.0;  // the square's side / the box's longer side
  double down = 0.0;    // the square's centre minus the box's, as a fraction of the side
  Align align = Align::off;
};

// The crop that the table of detectors has (detect/detector_kind.h), with tilted faces turned
// upright. `detector` is one of detector_names(), but not auto.
CropOptions usual_crop(const std::string& detector);

struct FaceCrop {
  cv::Point2d centre;  // pixels of the picture, from its upper left corner
  cv::Size2d size;
  double angle = 0.0;  // radians by which the face, and so the crop, is turned clockwise
};

FaceCrop crop_of(const detect::DetectedFace& face, const CropOptions& options);

// Cuts the crop out, upright, as face_bytes() of image/image.h does. Beyond the picture its border is
// repeated. @throws fer::Error as that does.
std::vector<std::uint8_t> face_bytes(const cv::Mat& image, const FaceCrop& crop,
                                     const FaceFormat& format);

}  // namespace fer::predict
