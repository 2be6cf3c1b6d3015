// Shrinking by area averages, which would take most of the time of finding faces in a photo.
#pragma once

#include <opencv2/core/mat.hpp>

namespace fer::image {

// picture: 8-bit [H,W,3] -> `to`, 8-bit [h,w,3], h <= H, w <= W: each pixel is the mean of the area
// it covers. The same pixels as OpenCV 4.6's INTER_AREA, bit for bit (if the compiler contracts
// products and sums alike in both, as on x86-64), in less time for factors that are no whole
// number.
void shrink(const cv::Mat& picture, cv::Mat& to);

}  // namespace fer::image
