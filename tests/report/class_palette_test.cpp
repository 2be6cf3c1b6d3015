#include "fer/report/class_palette.h"

#include <set>
#include <string>

#include "report/example_page.h"
#include "support/catch.h"

namespace {

using fer::LabelSet;
using fer::report::class_paints;

TEST_CASE("an emotion has its colour whatever the order of the labels", "[report][unit]") {
  const auto fer2013 = class_paints(LabelSet::fer2013());
  const auto ferplus = class_paints(LabelSet::ferplus8());
  for (std::size_t i = 0; i < LabelSet::fer2013().size(); ++i) {
    const auto index = LabelSet::ferplus8().find(LabelSet::fer2013().name(i));
    REQUIRE(index);
    CHECK(ferplus[*index].role == fer2013[i].role);
  }
}

TEST_CASE("up to ten classes have colours of their own", "[report][unit]") {
  const LabelSet labels = GENERATE(fer::test::numbered_labels(10), LabelSet::ferplus8(),
                                   LabelSet({"happy", "bored", "sad", "tired", "sleepy"}));
  std::set<std::string_view> roles;
  for (const auto& paint : class_paints(labels)) {
    roles.insert(paint.role);
    CHECK(fer::report::contrast(paint.colour, {255, 255, 255}) >= 3.0);
  }
  CHECK(roles.size() == labels.size());
}

TEST_CASE("a thousand classes share the colours", "[report][unit]") {
  CHECK(class_paints(fer::test::numbered_labels(1000)).size() == 1000);
  CHECK(class_paints(LabelSet({"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral",
                               "contempt", "a", "b", "c"}))
            .size() == 11);
}

}  // namespace
