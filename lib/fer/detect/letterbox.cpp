#include "fer/detect/letterbox.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "fer/image/shrink.h"

namespace fer::detect {

Letterbox::Letterbox(const cv::Size& picture, int side)
    : side_(side),
      scale_(double(side) / std::max(picture.width, picture.height)),
      // A strip of 10000x1 still gets a row.
      filled_(std::max(1, cvRound(picture.width * scale_)),
              std::max(1, cvRound(picture.height * scale_))) {}

cv::Mat Letterbox::apply(const cv::Mat& picture) const {
  cv::Mat square(side_, side_, picture.type(), cv::Scalar::all(0));
  cv::Mat part = square(cv::Rect({0, 0}, filled_));
  if (scale_ < 1.0) {
    image::shrink(picture, part);
  } else {
    cv::resize(picture, part, filled_, 0, 0, cv::INTER_LINEAR);
  }
  return square;
}

}  // namespace fer::detect
