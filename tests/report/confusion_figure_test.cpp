#include "fer/report/confusion_figure.h"

#include <algorithm>
#include <vector>

#include "fer/core/error.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using fer::LabelSet;
using fer::metrics::ConfusionMatrix;
using fer::report::confusion_matrix_svg;
using fer::test::drawn_texts;
using fer::test::holds;
using fer::test::xml_elements;

TEST_CASE("a confusion figure shows counts, shares of the row and support", "[report][unit]") {
  ConfusionMatrix confusion(2);
  confusion.add(0, 0, 1500);
  confusion.add(0, 1, 500);
  confusion.add(1, 0, 3);
  confusion.add(1, 1, 5);
  const auto texts =
      drawn_texts(confusion_matrix_svg(confusion, LabelSet({"yes", "no"}), {"Title", "Subtitle"}));
  for (const char* wanted :
       {"Title", "Subtitle", "truth", "predicted", "support", "yes", "no", "75.0 %", "1,500",
        "25.0 %", "500", "37.5 %", "3", "62.5 %", "5", "2,000", "8"}) {
    INFO(wanted);
    CHECK(holds(texts, wanted));
  }
}

TEST_CASE("cells come row by row, rows being the truth", "[report][unit]") {
  ConfusionMatrix confusion(2);
  confusion.add(0, 1, 7);
  std::vector<std::string> tooltips;
  for (const auto& element :
       xml_elements(confusion_matrix_svg(confusion, LabelSet({"yes", "no"}), {}))) {
    if (element.name == "title") tooltips.push_back(element.text);
  }
  REQUIRE(tooltips.size() == 5);  // the figure's own, then the cells
  CHECK(tooltips[1] == "truth yes, predicted yes: 0 of 7");
  CHECK(tooltips[2] == "truth yes, predicted no: 7 of 7");
  CHECK(tooltips[3] == "truth no, predicted yes: 0 of 0");
}

TEST_CASE("a class without samples has no shares", "[report][unit]") {
  ConfusionMatrix confusion(2);
  confusion.add(0, 0);
  const auto texts = drawn_texts(confusion_matrix_svg(confusion, LabelSet({"yes", "no"}), {}));
  CHECK(std::count(texts.begin(), texts.end(), "–") == 2);
}

TEST_CASE("class names and titles with markup stay text", "[report][unit]") {
  const std::string svg =
      confusion_matrix_svg(ConfusionMatrix(2), LabelSet({"a & b", "<c>"}), {"x < y", "\"p\" & q"});
  const auto texts = drawn_texts(svg);
  CHECK(holds(texts, "a & b"));
  CHECK(holds(texts, "<c>"));
  CHECK(holds(texts, "x < y"));
  CHECK(holds(texts, "\"p\" & q"));
  CHECK_THAT(svg, ContainsSubstring("a &amp; b"));
}

TEST_CASE("confusion figures of any size are well-formed", "[report][unit]") {
  const std::size_t classes = GENERATE(2, 7, 8, 13, 30, 41, 1000);
  std::vector<std::string> names;
  ConfusionMatrix confusion(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    names.push_back("a long name of class " + std::to_string(c));
    confusion.add(static_cast<std::int64_t>(c), static_cast<std::int64_t>(c * c % classes), 3);
  }
  const std::string svg = confusion_matrix_svg(confusion, LabelSet(names), {"t", ""});
  const auto elements = xml_elements(svg);
  CHECK(elements[0].name == "svg");
  CHECK(elements[2].name == "desc");
  CHECK_THAT(elements[2].text, ContainsSubstring("Rows are the truth"));
  CHECK(svg.size() < 2'000'000);
}

TEST_CASE("a matrix that does not fit its labels is refused", "[report][unit]") {
  CHECK_THROWS_AS(confusion_matrix_svg(ConfusionMatrix(3), LabelSet::fer2013(), {}), fer::Error);
  CHECK_THROWS_AS(confusion_matrix_svg(ConfusionMatrix(), LabelSet::fer2013(), {}), fer::Error);
}

}  // namespace
