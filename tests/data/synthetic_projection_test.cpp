#include "fer/data/synthetic_projection.h"

#include <numbers>

#include "support/catch.h"

namespace fer::data {
namespace {

using Catch::Approx;

Pose pose_with(double yaw, double pitch, double roll) {
  Pose pose;
  pose.yaw = yaw;
  pose.pitch = pitch;
  pose.roll = roll;
  pose.scale = 20;
  return pose;
}

TEST_CASE("A head that looks straight ahead is only scaled and placed", "[data][unit]") {
  const HeadProjection projection(pose_with(0, 0, 0), HeadShape{});
  const Point point = projection.on_head(0.4, -0.1);
  CHECK(point.x == Approx(24 + 8));
  CHECK(point.y == Approx(24 - 2));
  CHECK(projection.pixels(0.5) == Approx(10));
}

TEST_CASE("A quarter turn clockwise puts the right of the head at the bottom", "[data][unit]") {
  const HeadProjection projection(pose_with(0, 0, std::numbers::pi / 2), HeadShape{});
  const Point point = projection.flat(1, 0);
  CHECK(point.x == Approx(24));
  CHECK(point.y == Approx(44));
  CHECK(projection.horizontal().y == Approx(1));
}

TEST_CASE("Yaw and pitch move the middle of the face by its depth", "[data][unit]") {
  // The ellipsoid is 0.85 deep: 24 + 20 * 0.85 * sin(0.3) = 29.024.
  const Point turned = HeadProjection(pose_with(0.3, 0, 0), HeadShape{}).on_head(0, 0);
  CHECK(turned.x == Approx(29.024).margin(1e-3));
  CHECK(turned.y == Approx(24));
  const Point nodded = HeadProjection(pose_with(0, 0.3, 0), HeadShape{}).on_head(0, 0);
  CHECK(nodded.x == Approx(24));
  CHECK(nodded.y == Approx(29.024).margin(1e-3));
}

TEST_CASE("Unflattening takes a flat point back", "[data][unit]") {
  const HeadProjection projection(pose_with(0.2, -0.1, 0.4), HeadShape{});
  const Point back = projection.unflatten(projection.flat(0.3, -0.7));
  CHECK(back.x == Approx(0.3));
  CHECK(back.y == Approx(-0.7));
}

TEST_CASE("An ellipse starts at its rightmost corner and goes down first", "[data][unit]") {
  const Path corners = ellipse(1, 2, 3, 4);
  REQUIRE(corners.size() == kEllipseCorners);
  CHECK(corners[0].x == Approx(4));
  CHECK(corners[4].y == Approx(6));
  CHECK(corners[8].x == Approx(-2));
  CHECK(corners[12].y == Approx(-2));
}

}  // namespace
}  // namespace fer::data
