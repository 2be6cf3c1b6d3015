#include "fer/video/display_shape.h"

#include <opencv2/core.hpp>

#include "source/frame_fixtures.h"
#include "source/video_fixtures.h"
#include "support/catch.h"

namespace fer::video {
namespace {

constexpr std::int32_t kOne = 1 << 16;

DisplayShape shape_of(std::int32_t a, std::int32_t b, std::int32_t c, std::int32_t d) {
  DisplayShape shape;
  apply_display_matrix(shape, {a, b, 0, c, d, 0, 0, 0, 1 << 30});
  return shape;
}

TEST_CASE("A matrix that is not a quarter turn is taken for the nearest", "[video][unit]") {
  const auto near = static_cast<std::int32_t>(0.9 * kOne),
             far = static_cast<std::int32_t>(0.4 * kOne);
  CHECK(shape_of(near, far, -far, near) == DisplayShape{});
  CHECK(shape_of(far, near, -near, far) == shape_of(0, kOne, -kOne, 0));
  CHECK(shape_of(0, 0, 0, 0) == DisplayShape{});
  constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
  CHECK(shape_of(kLeast, kLeast, kLeast, kLeast) == shape_of(-kOne, 0, 0, -kOne));
}

TEST_CASE("Only what can be a camera's pixel aspect is believed", "[video][unit]") {
  const cv::Size stored(64, 48);
  const auto size_of = [&](double aspect) {
    DisplayShape shape;
    apply_pixel_aspect(shape, aspect);
    return shown_size(stored, shape);
  };
  CHECK(size_of(1.0) == stored);
  CHECK(size_of(2.0) == cv::Size(128, 48));
  CHECK(size_of(0.5) == cv::Size(64, 96));
  for (const double aspect : {0.0, -1.0, 1e-9, 1e9, std::nan("")}) {
    CAPTURE(aspect);
    CHECK(size_of(aspect) == stored);
  }
}

TEST_CASE("The picture shown has memory of its own", "[video][unit]") {
  cv::Mat stored = test::four_colours();
  const cv::Mat as_it_is = shown_picture(stored, {});
  const cv::Mat turned = shown_picture(stored, shape_of(0, kOne, -kOne, 0));
  stored = cv::Scalar();
  CHECK(test::corners_of(as_it_is) == "RGBW");
  CHECK(test::corners_of(turned) == "BRWG");
}

}  // namespace
}  // namespace fer::video
