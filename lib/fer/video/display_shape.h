// Converts a video's stored pictures to those that players show.
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace fer::video {

// Applied in this order: make pixels square, transpose, mirror, flip.
struct DisplayShape {
  double pixel_aspect = 1.0;  // width of a pixel over its height
  bool transposed = false;
  bool mirrored = false;  // left becomes right
  bool flipped = false;   // top becomes bottom

  bool operator==(const DisplayShape&) const = default;
};

// A container's display matrix, as FFmpeg gives it: rows of (a b u), (c d v), (x y w), a to d and
// x, y as 16.16 fixed point; a stored point (p, q) is shown at (a p + c q + x, b p + d q + y).
// Other rotations than quarter turns are rounded to the nearest quarter turn.
void apply_display_matrix(DisplayShape& shape, const std::array<std::int32_t, 9>& matrix);

// Aspects above 10 or below 1/10, which no camera has, are ignored: pixels stay square.
void apply_pixel_aspect(DisplayShape& shape, double aspect);

// The size of the picture that `stored` becomes. Pixels that are not square are enlarged in one
// direction, so that nothing of the picture is lost.
cv::Size shown_size(const cv::Size& stored, const DisplayShape& shape);

// The picture that `stored` becomes, in new memory.
cv::Mat shown_picture(const cv::Mat& stored, const DisplayShape& shape);

}  // namespace fer::video
