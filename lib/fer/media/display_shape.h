// How the pictures that a video stores become those that players show.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace fer::media {

// Applied in this order: pixels made square, rows become columns, mirrored, turned upside down.
struct DisplayShape {
  double pixel_aspect = 1.0;  // width of a pixel over its height
  bool transposed = false;
  bool mirrored = false;  // left becomes right
  bool flipped = false;   // top becomes bottom

  bool operator==(const DisplayShape&) const = default;
};

// A container's display matrix, as FFmpeg gives it: rows of (a b u), (c d v), (x y w), a to d and x, y
// as 16.16 fixed point; a stored point (p, q) is shown at (a p + c q + x, b p + d q + y). What it turns
// by other than quarter turns goes to the nearest one.
void apply_display_matrix(DisplayShape& shape, const std::array<std::int32_t, 9>& matrix);

// Pixels that are not between ten times as wide as high and ten times as high as wide are no camera's:
// they stay square.
void apply_pixel_aspect(DisplayShape& shape, double aspect);

// Of the picture that `stored` becomes. Pixels that are not square are enlarged in one direction, so
// that nothing of the picture is lost.
cv::Size shown_size(const cv::Size& stored, const DisplayShape& shape);

// That picture, in memory of its own.
cv::Mat shown_picture(const cv::Mat& stored, const DisplayShape& shape);

}  // namespace fer::media
