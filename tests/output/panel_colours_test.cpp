#include "fer/output/panel_colours.h"

#include "fer/core/class_colours.h"
#include "support/catch.h"

namespace fer::output {
namespace {

TEST_CASE("Panels draw a class in the colour that figures give it, in OpenCV's order",
          "[output][unit]") {
  const LabelSet labels({"happy", "bored", "angry"});
  const std::vector<ClassColour> expected = class_colours(labels);
  const std::vector<cv::Scalar> colours = panel_colours(labels);
  REQUIRE(colours.size() == 3);
  for (std::size_t i = 0; i < colours.size(); ++i) {
    const Rgb& on_dark = expected[i].on_dark;
    CHECK(colours[i] == cv::Scalar(on_dark.blue, on_dark.green, on_dark.red));
  }
  CHECK(colours[2] == cv::Scalar(88, 88, 255));  // angry: red
}

}  // namespace
}  // namespace fer::output
