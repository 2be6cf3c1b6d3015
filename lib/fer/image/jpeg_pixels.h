// JPEGs by libjpeg itself: OpenCV lets it write what it thinks of a file to stderr, and does not
// tell whether all of its pixels were there.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string_view>

namespace fer::image {

// Whether the bytes hold the data of every pixel. Decodes them, but makes no picture; asks for
// memory for as many pixels as the header says, which the caller has bounded. False where they are
// no JPEG.
bool has_all_jpeg_pixels(std::string_view bytes);

// The picture as it is stored, 8-bit BGR; bit for bit what OpenCV gives. Empty where it is broken,
// or where data of pixels are missing, which libjpeg fills with grey.
cv::Mat read_stored_jpeg(std::string_view bytes);

}  // namespace fer::image
