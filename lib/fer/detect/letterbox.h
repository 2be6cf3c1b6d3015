// A picture of any shape in a network's fixed square.
#pragma once

#include <opencv2/core/mat.hpp>

namespace fer::detect {

// The picture keeps its shape, fills the square's longer way from the upper left corner, and what
// is left is black. Points map by one factor and no offset.
class Letterbox {
 public:
  // picture: not empty; side: pixels of the square.
  Letterbox(const cv::Size& picture, int side);

  // 8-bit [H,W,C] of the size given above -> [side,side,C], shrunk by area averaging, enlarged
  // bilinearly.
  cv::Mat apply(const cv::Mat& picture) const;

  // How much of the square the picture fills.
  const cv::Size& filled() const { return filled_; }

  // Convert a length or a point from pixels of the square to pixels of the picture.
  double to_picture(double value) const { return value / scale_; }
  cv::Point2d to_picture(const cv::Point2d& point) const { return point / scale_; }

 private:
  int side_;
  double scale_;  // pixels of the square for one of the picture
  cv::Size filled_;
};

}  // namespace fer::detect
