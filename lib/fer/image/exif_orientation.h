// How a camera was held, as pictures tell it in their EXIF block. OpenCV reads that for some
// formats, and for others in some versions; here it is read for all of them.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>

namespace fer::image {

// EXIF's Orientation, 1 to 8, of a JPEG, PNG, WebP, TIFF or JPEG 2000 file; 1 (upright) where there
// is none, or where its block is broken. Reads no byte outside `bytes`, whatever they say.
int exif_orientation(std::string_view bytes);

// The TIFF file with 1 for its orientation: OpenCV turns TIFFs even when it is told not to.
std::string without_tiff_orientation(std::string_view bytes);

// The picture as it is to be seen, of one stored with this orientation.
cv::Mat turned_upright(const cv::Mat& stored, int orientation);

}  // namespace fer::image
