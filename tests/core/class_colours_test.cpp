#include "fer/core/class_colours.h"

#include <set>
#include <string>
#include <vector>

#include "support/catch.h"

namespace fer {
namespace {

double luma(const Rgb& colour) {
  return 0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue;
}

TEST_CASE("An emotion has the same colour whatever the order of the labels", "[core][unit]") {
  const auto seven = class_colours(LabelSet::fer2013());
  const auto eight = class_colours(LabelSet::ferplus8());
  REQUIRE(seven.size() == 7);
  REQUIRE(eight.size() == 8);
  for (std::size_t i = 0; i < seven.size(); ++i) {
    const auto same = LabelSet::ferplus8().find(LabelSet::fer2013().name(i));
    REQUIRE(same);
    CHECK(eight[*same].number == seven[i].number);
  }
}

TEST_CASE("Ten classes have ten colours, dark for paper and light for panels", "[core][unit]") {
  const auto colours =
      class_colours(LabelSet({"angry", "happy", "c", "d", "e", "f", "g", "h", "i", "j"}));
  std::set<std::size_t> numbers;
  for (const ClassColour& colour : colours) {
    numbers.insert(colour.number);
    CHECK(luma(colour.on_dark) > 110.0);
    CHECK(luma(colour.on_white) < luma(colour.on_dark));
  }
  CHECK(numbers.size() == 10);
}

TEST_CASE("More classes than colours repeat them", "[core][unit]") {
  std::vector<std::string> names;
  for (int i = 0; i < 25; ++i) names.push_back("class " + std::to_string(i));
  const auto colours = class_colours(LabelSet(names));
  REQUIRE(colours.size() == 25);
  CHECK(colours[0].number == colours[10].number);
  CHECK(colours[0].number != colours[1].number);
}

}  // namespace
}  // namespace fer
