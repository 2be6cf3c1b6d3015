// PNGs by libpng itself, because OpenCV lets it write warnings to stderr.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string_view>

namespace fer::image {

// The picture as it is stored, 8-bit BGR: 16-bit scaled down, alpha dropped; bit for bit as OpenCV
// decodes it. Empty if it is broken. The caller must have bounded its size.
cv::Mat read_stored_png(std::string_view bytes);

}  // namespace fer::image
