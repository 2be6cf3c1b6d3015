#include "fer/report/figure.h"

#include <vector>

#include "report/xml_elements.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using fer::report::svg::Figure;
using fer::test::xml_elements;

TEST_CASE("markup in text is escaped", "[report][unit]") {
  CHECK(fer::report::svg::escape_xml("a<b & \"c\">d") == "a&lt;b &amp; &quot;c&quot;&gt;d");
  CHECK(fer::report::svg::escape_xml("plain ß") == "plain ß");
  CHECK(fer::report::svg::escape_xml(std::string("\0\x1b", 2)) == "\uFFFD\uFFFD");
}

TEST_CASE("a figure says its title and description first", "[report][unit]") {
  const auto elements = xml_elements(Figure(30, 20, "T & <T>", "D").svg());
  REQUIRE(elements.size() == 4);
  CHECK(elements[0].name == "svg");
  CHECK_THAT(elements[0].attributes, ContainsSubstring("viewBox=\"0 0 30 20\""));
  CHECK_THAT(elements[0].attributes, ContainsSubstring("role=\"img\""));
  CHECK(elements[1].name == "title");
  CHECK(elements[1].text == "T & <T>");
  CHECK(elements[2].name == "desc");
  CHECK(elements[2].text == "D");
}

TEST_CASE("every shape is written well-formed, with its role and colour", "[report][unit]") {
  using namespace fer::report::svg;
  Figure figure(100, 100, "t", "d");
  const std::vector<Point> points{{1.0, 2.0}, {3.456, 4.0}};
  figure.begin_group("a < b");
  figure.box({1, 2, 3, 4}, {{}, {255, 0, 0}});
  figure.end_group();
  figure.frame({1, 2, 3, 4}, {.paint = kAxis});
  figure.line({0, 0}, {1, 1}, {.dashes = "4 3"});
  figure.polyline(points, {});
  figure.dot({5, 5}, 2, kInk);
  figure.ring({5, 5}, 2, {});
  figure.text({10, 20}, "<x>", {.anchor = Anchor::end, .bold = true, .turn = -90});
  const std::string svg = figure.svg();
  const auto elements = xml_elements(svg);
  CHECK_THAT(svg, ContainsSubstring("points=\"1,2 3.46,4\""));
  CHECK_THAT(svg, ContainsSubstring("stroke-dasharray=\"4 3\""));
  CHECK_THAT(svg, ContainsSubstring("class=\"fer-axis-line\""));
  CHECK_THAT(svg, ContainsSubstring("<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" "
                                    "fill=\"#ff0000\"/>"));
  CHECK_THAT(elements.back().attributes, ContainsSubstring("rotate(-90 10 20)"));
  CHECK_THAT(elements.back().attributes, ContainsSubstring("text-anchor=\"end\""));
  CHECK(elements.back().text == "<x>");
}

TEST_CASE("wider text is estimated wider", "[report][unit]") {
  using fer::report::svg::text_width;
  CHECK(text_width("", 12) == 0.0);
  CHECK(text_width("mmmm", 12) > text_width("iiii", 12));
  CHECK(text_width("angry", 24) == 2.0 * text_width("angry", 12));
  CHECK(text_width("angry", 12, true) > text_width("angry", 12));
}

}  // namespace
