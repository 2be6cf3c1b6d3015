// A picture's orientation by its EXIF block. OpenCV applies it for some formats, and for others in
// some versions; these functions do for all.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>

namespace fer::image {

// EXIF's Orientation, 1 to 8, of a JPEG, PNG, WebP, TIFF or JPEG 2000 file; 1 (upright) where there
// is none, or where its block is broken. Never reads outside `bytes`.
int exif_orientation(std::string_view bytes);

// The TIFF file with orientation 1, because OpenCV turns TIFFs even with its flag against that.
std::string without_tiff_orientation(std::string_view bytes);

// Turns a picture that is stored with this orientation upright.
cv::Mat turned_upright(const cv::Mat& stored, int orientation);

}  // namespace fer::image
