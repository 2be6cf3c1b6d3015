// Which part of a picture the classifier sees of a face that was found.
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

// Whether a face is turned so that its eyes are level, where the detector says where they are.
enum class Align {
  automatic,  // only where they are tilted by more than 12 degrees
  on,
  off,
};

std::span<const std::string_view> choice_names(Align);  // auto, on, off

struct CropOptions {
  // A square around the box; false: the box itself, each way scaled by itself, as a picture of a
  // training folder is.
  bool square = true;
  double factor = 1.0;  // the square's side / the box's longer side
  double down = 0.0;    // how far the square's centre is below the box's, in parts of its side
  Align align = Align::off;
};

// The crop that the table of detectors has (detect/detector_kind.h), with tilted faces turned
// upright. `detector` is one of detector_names(), but not auto.
CropOptions usual_crop(const std::string& detector);

struct FaceCrop {
  cv::Point2d centre;  // pixels of the picture, (0, 0) being its corner
  cv::Size2d size;
  double angle = 0.0;  // radians the face is turned clockwise as seen, and the crop with it
};

FaceCrop crop_of(const detect::DetectedFace& face, const CropOptions& options);

// Cuts the crop out, upright, as face_bytes() of image/image.h does. Beyond the picture its border is
// repeated. @throws fer::Error as that does.
std::vector<std::uint8_t> face_bytes(const cv::Mat& image, const FaceCrop& crop,
                                     const FaceFormat& format);

}  // namespace fer::predict
