// JPEGs by libjpeg itself, because OpenCV lets it write warnings to stderr, and does not report
// missing pixels.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string_view>

namespace fer::image {

// Whether the bytes hold the data of every pixel. Decodes them without making a picture; takes
// memory for all pixels in the header, which the caller must have bounded. False for bytes that are
// no JPEG.
bool has_all_jpeg_pixels(std::string_view bytes);

// The picture as it is stored, 8-bit BGR; bit for bit as OpenCV decodes it. Empty if it is broken,
// or if pixels are missing, which libjpeg would fill with grey.
cv::Mat read_stored_jpeg(std::string_view bytes);

}  // namespace fer::image
