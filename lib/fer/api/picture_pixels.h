// From a picture in a caller's memory to one that the library works on.
#pragma once

#include <opencv2/core/mat.hpp>

#include "fer/image_view.h"

namespace fer {

// 8-bit BGR [H,W,3]. Where the view is that already, it is the caller's memory, which nobody may
// write to; else a copy. @throws fer::Error for a view that is none (predictor.h has the rules).
cv::Mat bgr_of(const ImageView& view);

}  // namespace fer
