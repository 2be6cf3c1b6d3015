// The pixels of a cv::Mat. The one public header that needs OpenCV.
#pragma once

#include <opencv2/core/mat.hpp>

#include "fer/error.h"
#include "fer/image_view.h"

namespace fer {

// picture: 8-bit [H,W] grey, [H,W,3] BGR or [H,W,4] BGRA, as cv::imread gives it, also a part of a
// larger one. The view is valid as long as the Mat's memory. @throws fer::Error for a Mat that is
// empty or of another type.
inline ImageView view(const cv::Mat& picture) {
  ImageView seen{.pixels = picture.data,
                 .width = picture.cols,
                 .height = picture.rows,
                 .stride = picture.empty() || picture.dims != 2 ? 0 : picture.step[0]};
  if (picture.empty()) throw Error("picture: the cv::Mat is empty");
  switch (picture.dims == 2 ? picture.type() : -1) {
    case CV_8UC1:
      seen.format = PixelFormat::grey8;
      return seen;
    case CV_8UC3:
      seen.format = PixelFormat::bgr8;
      return seen;
    case CV_8UC4:
      seen.format = PixelFormat::bgra8;
      return seen;
    default:
      throw Error("picture: the cv::Mat has another type than CV_8UC1, CV_8UC3 and CV_8UC4");
  }
}

}  // namespace fer
