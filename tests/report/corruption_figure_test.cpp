#include "fer/report/corruption_figure.h"

#include <algorithm>

#include "fer/core/error.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::drawn_texts;
using test::xml_elements;

std::size_t curves_in(const std::string& svg) {
  const auto elements = xml_elements(svg);
  return static_cast<std::size_t>(std::count_if(
      elements.begin(), elements.end(), [](const auto& e) { return e.name == "polyline"; }));
}

TEST_CASE("each corruption has its curve and mean error", "[report][unit]") {
  const std::string svg = corruption_svg(
      {.clean_accuracy = 0.75, .errors = {{"noise", {0.5, 0.75}}, {"<blur>", {0.3}}}}, {"T", ""});
  const auto texts = drawn_texts(svg);
  for (const char* wanted : {"T", "noise", "<blur>", "62.5 %", "30.0 %"}) {
    INFO(wanted);
    CHECK(std::count(texts.begin(), texts.end(), wanted) == 1);
  }
  CHECK(curves_in(svg) == 2);
  CHECK_THAT(svg, ContainsSubstring("<title>noise, accuracy at strength 0 and up: 75.0 %, 50.0 %, "
                                    "25.0 %</title>"));
  CHECK_THAT(xml_elements(svg)[2].text,
             ContainsSubstring("At the greatest strength: noise 25.0 %, <blur> 70.0 %."));
}

TEST_CASE("another model's curves lie beside those of the same name", "[report][unit]") {
  CorruptionCurves curves{.clean_accuracy = 0.75,
                          .errors = {{"noise", {0.5}}, {"blur", {0.5}}},
                          .baseline_name = "other",
                          .baseline_clean_accuracy = 0.5,
                          .baseline = {{"blur", {0.75}}, {"fog", {0.75}}}};
  const std::string svg = corruption_svg(curves, {"T", "S"});
  CHECK(curves_in(svg) == 3);
  CHECK_THAT(svg, ContainsSubstring("S; dashed: other"));
}

TEST_CASE("corruptions that are none are refused", "[report][unit]") {
  CHECK_THROWS_AS(corruption_svg({}, {}), Error);
  CHECK_THROWS_AS(corruption_svg({.errors = {{"noise", {}}}}, {}), Error);
  CHECK_THROWS_AS(corruption_svg({.errors = {{"noise", {1.5}}}}, {}), Error);
  const std::vector<metrics::CorruptionErrors> many(kMostCorruptions + 1, {"noise", {0.5}});
  CHECK_THROWS_AS(corruption_svg({.errors = many}, {}), Error);
}

TEST_CASE("a model that is always wrong, or never, is drawn", "[report][unit]") {
  const double accuracy = GENERATE(0.0, 1.0);
  const std::string svg =
      corruption_svg({.clean_accuracy = accuracy, .errors = {{"noise", {1.0 - accuracy}}}}, {});
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(curves_in(svg) == 1);
}

}  // namespace
}  // namespace fer::report
