// PNGs by libpng itself: OpenCV lets it write what it thinks of a file to stderr.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string_view>

namespace fer::image {

// The picture as it is stored, 8-bit BGR: 16-bit scaled down, alpha dropped; bit for bit what
// OpenCV gives. Empty where it is broken. The caller has bounded its size.
cv::Mat read_stored_png(std::string_view bytes);

}  // namespace fer::image
