// Writes JPEG files.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>

namespace fer::image {

// Baseline JPEG at quality 95 with halved colour, as OpenCV writes it. bgr: 8-bit BGR [H,W,3].
// @throws fer::Error for a side of 0 or of more than 65500 pixels, the most that libjpeg writes.
std::string jpeg_bytes(const cv::Mat& bgr);

}  // namespace fer::image
