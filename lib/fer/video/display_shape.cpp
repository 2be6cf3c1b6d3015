#include "fer/video/display_shape.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace fer::video {

namespace {

constexpr double kMostAspect = 10.0;

int scaled(int length, double factor) {
  return std::max(1, static_cast<int>(std::lround(length * factor)));
}

// The stored size with square pixels.
cv::Size square_size(const cv::Size& stored, double aspect) {
  if (aspect > 1.0) return {scaled(stored.width, aspect), stored.height};
  return {stored.width, scaled(stored.height, 1.0 / aspect)};
}

}  // namespace

void apply_display_matrix(DisplayShape& shape, const std::array<std::int32_t, 9>& matrix) {
  const double a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  shape.transposed = std::abs(b) + std::abs(c) > std::abs(a) + std::abs(d);
  shape.mirrored = (shape.transposed ? c : a) < 0.0;
  shape.flipped = (shape.transposed ? b : d) < 0.0;
}

void apply_pixel_aspect(DisplayShape& shape, double aspect) {
  const bool usable = aspect >= 1.0 / kMostAspect && aspect <= kMostAspect;
  shape.pixel_aspect = usable ? aspect : 1.0;
}

cv::Size shown_size(const cv::Size& stored, const DisplayShape& shape) {
  const cv::Size square = square_size(stored, shape.pixel_aspect);
  return shape.transposed ? cv::Size(square.height, square.width) : square;
}

cv::Mat shown_picture(const cv::Mat& stored, const DisplayShape& shape) {
  constexpr int kUpsideDown = 0, kMirror = 1, kBoth = -1;
  cv::Mat picture = stored, changed;
  const cv::Size square = square_size(stored.size(), shape.pixel_aspect);
  if (square != stored.size()) {
    cv::resize(picture, changed, square, 0, 0, cv::INTER_LINEAR);
    picture = std::exchange(changed, {});
  }
  if (shape.transposed) {
    cv::transpose(picture, changed);
    picture = std::exchange(changed, {});
  }
  if (shape.mirrored || shape.flipped) {
    cv::flip(picture, changed, !shape.flipped ? kMirror : (shape.mirrored ? kBoth : kUpsideDown));
    picture = std::exchange(changed, {});
  }
  return picture.data == stored.data ? stored.clone() : picture;
}

}  // namespace fer::video
