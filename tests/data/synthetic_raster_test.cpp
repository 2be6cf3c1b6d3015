#include "fer/data/synthetic_raster.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/catch.h"

namespace fer::data {
namespace {

using Catch::Approx;

FacePixels noiseless(const Canvas& canvas) { return canvas.pixels(0, RandomStream(1)); }

int at(const FacePixels& pixels, std::size_t x, std::size_t y) { return pixels[y * kFaceSide + x]; }

double mean(const FacePixels& pixels) {
  double sum = 0;
  for (const double level : pixels) sum += level;
  return sum / static_cast<double>(kFacePixels);
}

Path box(double left, double top, double right, double bottom) {
  return {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

TEST_CASE("A filled pixel takes the tone in proportion to its coverage", "[data][unit]") {
  Canvas canvas(0);
  canvas.fill(box(10.25, 10.5, 12, 12), 1.0);
  const FacePixels pixels = noiseless(canvas);
  CHECK(at(pixels, 11, 11) == 255);
  CHECK(at(pixels, 10, 11) == 191);  // 0.75 * 255 = 191.25
  CHECK(at(pixels, 11, 10) == 128);  // 0.5 * 255 = 127.5, rounded up
  CHECK(at(pixels, 10, 10) == 96);   // 0.375 * 255 = 95.6
  CHECK(at(pixels, 9, 11) == 0);
  CHECK(at(pixels, 12, 11) == 0);
}

TEST_CASE("Opacity mixes the tones", "[data][unit]") {
  Canvas canvas(0.2F);
  canvas.fill(box(0, 0, 48, 48), 1.0, 0.25);
  CHECK(at(noiseless(canvas), 20, 20) == 102);  // (0.2 + 0.25 * 0.8) * 255
}

TEST_CASE("Outlines may reach beyond the canvas, have no area or too few points", "[data][unit]") {
  Canvas canvas(0);
  canvas.fill(box(-1e6, 40, 1e6, 1e6), 1.0);
  canvas.fill(box(5, 5, 5, 5), 1.0);
  canvas.fill({{1, 1}, {9, 9}}, 1.0);
  canvas.fill({}, 1.0);
  canvas.fill(box(100, 100, 200, 200), 1.0);
  CHECK(mean(noiseless(canvas)) == Approx(255.0 * 8 / 48));
}

TEST_CASE("A filled disc has the area of a disc", "[data][unit]") {
  Path disc;
  for (int i = 0; i < 200; ++i) {
    const double angle = 2 * std::numbers::pi * i / 200;
    disc.push_back({24.3 + 15 * std::cos(angle), 23.6 + 15 * std::sin(angle)});
  }
  Canvas canvas(0);
  canvas.fill(disc, 1.0);
  const double area = mean(noiseless(canvas)) / 255 * static_cast<double>(kFacePixels);
  CHECK(area == Approx(std::numbers::pi * 15 * 15).epsilon(0.005));
}

TEST_CASE("A ribbon is twice its radius wide", "[data][unit]") {
  Canvas canvas(0);
  canvas.fill(ribbon({{10, 20}, {20, 20}, {30, 20}}, 2, 2, 2), 1.0);
  const FacePixels pixels = noiseless(canvas);
  CHECK(at(pixels, 15, 17) == 0);
  CHECK(at(pixels, 15, 18) == 255);
  CHECK(at(pixels, 15, 21) == 255);
  CHECK(at(pixels, 15, 22) == 0);
  CHECK(at(pixels, 9, 20) == 0);
  CHECK(at(pixels, 30, 20) == 0);
}

TEST_CASE("A ribbon's radius runs through the three that are given", "[data][unit]") {
  const Path outline = ribbon({{0, 0}, {10, 0}, {20, 0}}, 1, 3, 2);
  REQUIRE(outline.size() == 6);
  CHECK(std::abs(outline[0].y) == Approx(1));
  CHECK(std::abs(outline[1].y) == Approx(3));
  CHECK(std::abs(outline[2].y) == Approx(2));
  CHECK(outline[5].y == Approx(-outline[0].y));
}

TEST_CASE("A smooth curve runs through its knots and is straight where they are", "[data][unit]") {
  const Path curve = smooth_curve({{0, 0}, {6, 12}, {12, 0}}, 4);
  REQUIRE(curve.size() == 9);
  CHECK(curve[4].x == Approx(6));
  CHECK(curve[4].y == Approx(12));
  CHECK(curve[8].x == Approx(12));
  for (const Point& point : smooth_curve({{0, 0}, {5, 10}, {10, 20}, {15, 30}}, 5)) {
    CHECK(point.y == Approx(2 * point.x).margin(1e-12));
  }
}

TEST_CASE("A spot is strongest in its middle and ends at its radii", "[data][unit]") {
  Canvas canvas(0);
  canvas.spot({24.5, 24.5}, 10, 5, {1, 0}, 1.0, 0.8);
  const FacePixels pixels = noiseless(canvas);
  CHECK(at(pixels, 24, 24) == 204);  // 0.8 * 255
  CHECK(at(pixels, 29, 24) == 115);  // 0.8 * (1 - 0.25)^2 * 255 = 114.75
  CHECK(at(pixels, 24, 29) == 0);
  CHECK(at(pixels, 34, 24) == 0);
  CHECK(at(pixels, 33, 24) > 0);
}

TEST_CASE("A spot turns with its axis", "[data][unit]") {
  Canvas canvas(0);
  canvas.spot({24.5, 24.5}, 10, 5, {0, 1}, 1.0, 0.8);
  const FacePixels pixels = noiseless(canvas);
  CHECK(at(pixels, 24, 29) == 115);
  CHECK(at(pixels, 29, 24) == 0);
}

TEST_CASE("Blur spreads a pixel over its neighbours and keeps the sum", "[data][unit]") {
  Canvas canvas(0);
  canvas.fill(box(20, 20, 21, 21), 1.0);
  canvas.blur(0.2);
  const FacePixels pixels = noiseless(canvas);
  CHECK(at(pixels, 20, 20) == 92);  // 0.6 * 0.6 * 255 = 91.8
  CHECK(at(pixels, 19, 20) == 31);  // 0.2 * 0.6 * 255 = 30.6
  CHECK(at(pixels, 20, 21) == 31);
  CHECK(at(pixels, 21, 21) == 10);  // 0.2 * 0.2 * 255 = 10.2
  CHECK(at(pixels, 22, 20) == 0);
}

TEST_CASE("Blur leaves an even picture as it is up to the borders", "[data][unit]") {
  Canvas canvas(0.4F);
  canvas.blur(0.3);
  const FacePixels pixels = noiseless(canvas);
  CHECK(std::all_of(pixels.begin(), pixels.end(), [](int level) { return level == 102; }));
}

TEST_CASE("Noise has the mean 0 and the deviation that was asked for", "[data][unit]") {
  const FacePixels pixels = Canvas(0.5F).pixels(0.1, RandomStream(6));
  double squares = 0;
  for (const double level : pixels) squares += (level - 127.5) * (level - 127.5);
  // 2,304 draws: the mean's standard error is 0.53 levels, the deviation's 0.37.
  CHECK(mean(pixels) == Approx(127.5).margin(2.2));
  CHECK(std::sqrt(squares / static_cast<double>(kFacePixels)) == Approx(25.5).margin(1.6));
}

TEST_CASE("Tones outside 0 to 1 are clipped only at the end", "[data][unit]") {
  Canvas canvas(1.5F);
  CHECK(at(noiseless(canvas), 0, 0) == 255);
  canvas.change_all([](Point, double tone) { return tone - 1.0; });
  CHECK(at(noiseless(canvas), 0, 0) == 128);
  canvas.change(box(0, 0, 1, 1), [](Point centre, double) { return -centre.x; });
  CHECK(at(noiseless(canvas), 0, 0) == 0);
}

}  // namespace
}  // namespace fer::data
