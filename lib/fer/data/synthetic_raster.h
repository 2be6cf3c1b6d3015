// A small anti-aliased rasteriser for grey 48x48 pictures: filled outlines, soft spots, blur,
// noise.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/random.h"

namespace fer::data {

// Pixels to the right and down from the picture's top left corner; pixel (i, j) covers the square
// [i, i+1) x [j, j+1).
struct Point {
  double x = 0;
  double y = 0;
};

// An open line, or as an outline a polygon that is closed from its last to its first point.
using Path = std::vector<Point>;

// A smooth curve through `knots` (Catmull and Rom, "A Class of Local Interpolating Splines", 1974),
// `steps` points a knot interval. Fewer than two knots are returned as they are.
Path smooth_curve(const Path& knots, int steps = 6);

// The outline of a brush stroke along `line`, whose radius runs from `start` over `middle` to `end`
// (pixels).
Path ribbon(const Path& line, double start, double middle, double end);

// Tones are linear grey: 0 black, 1 white; values outside are kept until pixels() clips them.
class Canvas {
 public:
  explicit Canvas(float tone) { tones_.fill(tone); }

  // Paints the inside of `outline` (even-odd rule); edge pixels in proportion to their coverage.
  void fill(const Path& outline, double tone, double opacity = 1.0);

  // Replaces each tone inside `outline` by change(pixel centre, tone), edges as in fill().
  using Change = std::function<double(Point centre, double tone)>;
  void change(const Path& outline, const Change& change);
  void change_all(const Change& change);

  // A soft elliptic spot that moves tones towards `tone`: by `opacity` in its middle, by nothing at
  // `radius_x`, `radius_y` (pixels, turned by the angle whose cosine and sine are `axis`).
  void spot(Point centre, double radius_x, double radius_y, Point axis, double tone,
            double opacity);

  // Blurs with the kernel [w, 1-2w, w] in both directions, `weight` in [0, 1/3]; borders repeat.
  void blur(double weight);

  // Clips to [0, 1] after adding noise of standard deviation `noise` (tones), rounds to 0-255.
  FacePixels pixels(double noise, RandomStream stream) const;

 private:
  std::array<float, kFacePixels> tones_;
};

}  // namespace fer::data
