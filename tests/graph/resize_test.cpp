#include "fer/graph/resize.h"

#include <vector>

#include "support/catch.h"

namespace fer::graph {
namespace {

// The row that a row of the numbers `from` becomes.
std::vector<float> resized(const Resize& resize, const std::vector<float>& from) {
  const auto width = static_cast<std::int64_t>(from.size());
  std::vector<float> to;
  for (const ResizeTap& tap : resize_taps(resize, {1, 1, width}).cols) {
    const float first = from[static_cast<std::size_t>(tap.first)];
    const float second = from[static_cast<std::size_t>(tap.second)];
    to.push_back((1.0F - tap.share) * first + tap.share * second);
  }
  return to;
}

Resize to(std::int64_t cols, ResizeKind kind, ResizePlace place,
          ResizeRounding rounding = ResizeRounding::floor) {
  return {.rows = 1, .cols = cols, .kind = kind, .place = place, .rounding = rounding};
}

using Floats = std::vector<float>;

TEST_CASE("Numbers in between are shares of their two neighbours", "[graph][unit]") {
  const Floats pair = {0.0F, 8.0F};
  // Middles of quarters lie at -1/4, 1/4, 3/4 and 5/4; what lies outside is the border's.
  CHECK(resized(to(4, ResizeKind::linear, ResizePlace::half_pixel), pair) == Floats{0, 2, 6, 8});
  CHECK(resized(to(4, ResizeKind::linear, ResizePlace::asymmetric), pair) == Floats{0, 4, 8, 8});
  CHECK(resized(to(5, ResizeKind::linear, ResizePlace::align_corners), pair) ==
        Floats{0, 2, 4, 6, 8});
  // A single pixel is the middle, the first one, or the first one.
  CHECK(resized(to(1, ResizeKind::linear, ResizePlace::half_pixel), pair) == Floats{4});
  CHECK(resized(to(1, ResizeKind::linear, ResizePlace::pytorch_half_pixel), pair) == Floats{0});
  CHECK(resized(to(1, ResizeKind::linear, ResizePlace::align_corners), pair) == Floats{0});
}

TEST_CASE("The nearest of two pixels that are equally far is chosen by the rounding",
          "[graph][unit]") {
  const Floats four = {1, 2, 3, 4};  // middles of halves lie at 0.5 and 2.5
  const auto nearest = [&](ResizeRounding rounding) {
    return resized(to(2, ResizeKind::nearest, ResizePlace::half_pixel, rounding), four);
  };
  CHECK(nearest(ResizeRounding::round_prefer_floor) == Floats{1, 3});
  CHECK(nearest(ResizeRounding::round_prefer_ceil) == Floats{2, 4});
  CHECK(nearest(ResizeRounding::floor) == Floats{1, 3});
  CHECK(nearest(ResizeRounding::ceil) == Floats{2, 4});
}

TEST_CASE("Whatever the scale, pixels lie inside the map", "[graph][unit]") {
  for (const float scale : {1e-38F, 1e-3F, 1e3F, 3e38F}) {
    for (const auto kind : {ResizeKind::nearest, ResizeKind::linear}) {
      CAPTURE(scale, int(kind));
      Resize resize = to(7, kind, ResizePlace::half_pixel);
      resize.col_scale = scale;
      for (const ResizeTap& tap : resize_taps(resize, {1, 1, 5}).cols) {
        CHECK((tap.first >= 0 && tap.first < 5 && tap.second >= 0 && tap.second < 5));
      }
    }
  }
}

}  // namespace
}  // namespace fer::graph
