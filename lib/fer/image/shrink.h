// Shrinking by area averages, which is where most of the time of finding faces in a photo would go.
#pragma once

#include <opencv2/core/mat.hpp>

namespace fer::image {

// picture: 8-bit [H,W,3] -> `to`, 8-bit [h,w,3], h <= H, w <= W: each pixel is the mean of the area
// it covers. The same pixels as OpenCV 4.6 makes by INTER_AREA, bit for bit (where the compiler
// contracts products and sums in both alike, as on x86-64), in less time where the factor is no
// whole number. Throws nothing of its own.
void shrink(const cv::Mat& picture, cv::Mat& to);

}  // namespace fer::image
