// Converts a picture in the caller's memory to the library's format.
#pragma once

#include <opencv2/core/mat.hpp>

#include "fer/image_view.h"

namespace fer {

// 8-bit BGR [H,W,3]. A view in that format stays in the caller's memory, which must not be written
// to; others are copied. @throws fer::Error for an invalid view (predictor.h has the rules).
cv::Mat bgr_of(const ImageView& view);

}  // namespace fer
