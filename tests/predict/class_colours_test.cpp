#include "fer/predict/class_colours.h"

#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("an emotion has the same colour whatever the order of the labels", "[predict][unit]") {
  const std::vector<cv::Scalar> seven = class_colours(LabelSet::fer2013());
  const std::vector<cv::Scalar> eight = class_colours(LabelSet::ferplus8());
  REQUIRE(seven.size() == 7);
  REQUIRE(eight.size() == 8);
  for (std::size_t i = 0; i < eight.size(); ++i) {
    const auto same = LabelSet::fer2013().find(LabelSet::ferplus8().name(i));
    CAPTURE(i);
    if (same) CHECK(eight[i] == seven[*same]);
  }
}

TEST_CASE("ten classes have ten colours, light enough for a dark panel", "[predict][unit]") {
  const std::vector<cv::Scalar> colours =
      class_colours(LabelSet({"angry", "happy", "c", "d", "e", "f", "g", "h", "i", "j"}));
  for (std::size_t i = 0; i < colours.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(colours[i] != colours[j]);
    const double luma = 0.114 * colours[i][0] + 0.587 * colours[i][1] + 0.299 * colours[i][2];
    CHECK(luma > 110.0);
  }
}

TEST_CASE("more classes than colours repeat them", "[predict][unit]") {
  std::vector<std::string> names;
  for (int i = 0; i < 25; ++i) names.push_back("class " + std::to_string(i));
  const std::vector<cv::Scalar> colours = class_colours(LabelSet(names));
  REQUIRE(colours.size() == 25);
  CHECK(colours[0] == colours[10]);
}

}  // namespace
}  // namespace fer
