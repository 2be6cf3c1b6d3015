#include "fer/data/synthetic_projection.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fer::data {

HeadProjection::HeadProjection(const Pose& pose, const HeadShape& head)
    : pose_(pose),
      half_height_((head.crown + head.chin) / 2),
      cos_yaw_(std::cos(pose.yaw)),
      sin_yaw_(std::sin(pose.yaw)),
      cos_pitch_(std::cos(pose.pitch)),
      sin_pitch_(std::sin(pose.pitch)),
      cos_roll_(std::cos(pose.roll)),
      sin_roll_(std::sin(pose.roll)) {}

Point HeadProjection::on_head(double x, double y, double lift) const {
  constexpr double kRoom = 1.2;  // larger than the outline: a face is flatter than an ellipsoid
  constexpr double kDepth = 0.85;
  const double u = x / kRoom;
  const double v = y / (kRoom * half_height_);
  const double z = kDepth * std::sqrt(std::max(0.0, 1 - u * u - v * v)) + lift;
  const double turned_x = x * cos_yaw_ + z * sin_yaw_;
  const double turned_z = z * cos_yaw_ - x * sin_yaw_;
  return flat(turned_x, y * cos_pitch_ + turned_z * sin_pitch_);
}

Path HeadProjection::on_head(Path line) const {
  for (Point& point : line) point = on_head(point.x, point.y);
  return line;
}

Point HeadProjection::flat(double x, double y) const {
  return {pose_.centre_x + pose_.scale * (x * cos_roll_ - y * sin_roll_),
          pose_.centre_y + pose_.scale * (x * sin_roll_ + y * cos_roll_)};
}

Path HeadProjection::flat(Path line) const {
  for (Point& point : line) point = flat(point.x, point.y);
  return line;
}

Point HeadProjection::unflatten(Point pixel) const {
  const double x = (pixel.x - pose_.centre_x) / pose_.scale;
  const double y = (pixel.y - pose_.centre_y) / pose_.scale;
  return {x * cos_roll_ + y * sin_roll_, y * cos_roll_ - x * sin_roll_};
}

Path ellipse(double x, double y, double radius_x, double radius_y) {
  // One step's cosine and sine; turning by it again and again gives the other corners.
  static const double step_cos = std::cos(2 * std::numbers::pi / kEllipseCorners);
  static const double step_sin = std::sin(2 * std::numbers::pi / kEllipseCorners);
  Path outline;
  outline.reserve(kEllipseCorners);
  Point at{1, 0};
  for (int i = 0; i < kEllipseCorners; ++i) {
    outline.push_back({x + radius_x * at.x, y + radius_y * at.y});
    at = {at.x * step_cos - at.y * step_sin, at.x * step_sin + at.y * step_cos};
  }
  return outline;
}

Path mirrored(Path line, double side) {
  for (Point& point : line) point.x *= side;
  return line;
}

}  // namespace fer::data
