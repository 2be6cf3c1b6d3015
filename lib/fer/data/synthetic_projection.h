// Projects the parts of a synthetic head to the picture: turns, places and scales them.
#pragma once

#include "fer/data/synthetic_parameters.h"
#include "fer/data/synthetic_raster.h"

namespace fer::data {

// Head units (see synthetic_parameters.h) to pixels, seen from far away. Features lie on an
// ellipsoid that turns with yaw and pitch; the head's outline, which is nearly the same from
// everywhere, only rolls.
class HeadProjection {
 public:
  HeadProjection(const Pose& pose, const HeadShape& head);

  // A point of the turning surface, or `lift` head units in front of it.
  Point on_head(double x, double y, double lift = 0) const;
  Path on_head(Path line) const;

  // A point of the plane through the outline, and back.
  Point flat(double x, double y) const;
  Path flat(Path line) const;
  Point unflatten(Point pixel) const;

  // The picture's direction of the head's x axis, of length 1.
  Point horizontal() const { return {cos_roll_, sin_roll_}; }
  double pixels(double length) const { return length * pose_.scale; }
  // The sideways shift of a turned head's chin from the outline's middle.
  double chin_shift() const { return 0.2 * sin_yaw_; }

 private:
  Pose pose_;
  double half_height_;
  double cos_yaw_, sin_yaw_;
  double cos_pitch_, sin_pitch_;
  double cos_roll_, sin_roll_;
};

// A polygon of kEllipseCorners, counted clockwise in the picture from the rightmost.
inline constexpr int kEllipseCorners = 16;
Path ellipse(double x, double y, double radius_x, double radius_y);

// The line with its x multiplied by `side`: 1 keeps it, -1 mirrors it.
Path mirrored(Path line, double side);

}  // namespace fer::data
