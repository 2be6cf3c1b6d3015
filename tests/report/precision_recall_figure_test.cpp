#include "fer/report/precision_recall_figure.h"

#include <algorithm>
#include <sstream>

#include "fer/core/error.h"
#include "report/example_page.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::drawn_texts;
using test::xml_elements;

std::vector<ClassCurve> curves_of(const test::DrawnSamples& samples) {
  std::vector<ClassCurve> curves;
  for (std::size_t c = 0; c < samples.classes; ++c) {
    curves.push_back({metrics::precision_recall_curve(samples.scored(), c),
                      metrics::ranking_scores(samples.scored(), c).average_precision,
                      1.0 / static_cast<double>(samples.classes)});
  }
  return curves;
}

struct Drawn {
  std::vector<double> x;
  std::vector<double> y;
};

// The points of the one curve in a role.
Drawn drawn_curve(const std::string& svg, const std::string& role) {
  Drawn drawn;
  for (const auto& element : xml_elements(svg)) {
    if (element.name != "polyline") continue;
    if (element.attributes.find("class=\"" + role + "-line\"") == std::string::npos) continue;
    std::string points = element.attributes.substr(element.attributes.find("points=\"") + 8);
    points.resize(points.find('"'));
    std::replace(points.begin(), points.end(), ',', ' ');
    std::istringstream stream(points);
    for (double x = 0.0, y = 0.0; stream >> x >> y;) {
      drawn.x.push_back(x);
      drawn.y.push_back(y);
    }
  }
  return drawn;
}

TEST_CASE("a precision-recall curve is drawn in steps", "[report][unit]") {
  // Precision 1 up to recall 0.5, then 0.5 up to recall 1.
  const std::vector<ClassCurve> curves{{{{0.9, 1.0, 0.5}, {0.1, 0.5, 1.0}}, 0.75, 0.5},
                                       {{}, {}, 0.0}};
  const Drawn curve =
      drawn_curve(precision_recall_svg(curves, LabelSet({"yes", "no"}), {}), "fer-class-1");
  REQUIRE(curve.x.size() == 4);
  const double width = curve.x[3] - curve.x[0];
  CHECK(curve.x[1] == Catch::Approx(curve.x[0] + width / 2.0));
  CHECK(curve.x[2] == curve.x[1]);
  CHECK(curve.y[0] == curve.y[1]);
  CHECK(curve.y[2] == curve.y[3]);
  CHECK(curve.y[2] > curve.y[1]);
}

TEST_CASE("panels say the average precision, or that there is none", "[report][unit]") {
  const std::vector<ClassCurve> curves{{{{0.5, 0.5, 1.0}}, 0.5, 0.5}, {{}, std::nullopt, 0.0}};
  const std::string svg = precision_recall_svg(curves, LabelSet({"yes", "<no>"}), {});
  const auto texts = drawn_texts(svg);
  for (const char* wanted : {"yes", "<no>", "AP 0.500", "no samples"}) {
    INFO(wanted);
    CHECK(std::count(texts.begin(), texts.end(), wanted) == 1);
  }
  CHECK_THAT(xml_elements(svg)[2].text, ContainsSubstring("yes 0.500, <no> none"));
}

TEST_CASE("a curve of many points is thinned, but ends where it ends", "[report][unit]") {
  const test::DrawnSamples samples(20'000, 2, 3);
  const std::string svg = precision_recall_svg(curves_of(samples), LabelSet({"yes", "no"}), {});
  CHECK(svg.size() < 100'000);
  const Drawn curve = drawn_curve(svg, "fer-class-1");
  CHECK(curve.x.size() > 100);
  CHECK(curve.x.back() - curve.x.front() == Catch::Approx(184.0));  // all of the panel
  CHECK(std::is_sorted(curve.x.begin(), curve.x.end()));
}

TEST_CASE("precision and recall of any number of classes are well-formed", "[report][unit]") {
  const std::size_t classes = GENERATE(as<std::size_t>{}, 2, 7, 11, 32, 33, 200);
  const std::string svg =
      precision_recall_svg(curves_of(test::DrawnSamples(classes * 3, classes, 1)),
                           test::numbered_labels(classes, "a long name of a class "), {"t", ""});
  const auto texts = drawn_texts(svg);
  const auto heads = std::count_if(texts.begin(), texts.end(),
                                   [](const std::string& text) { return text.starts_with("AP "); });
  CHECK(heads == static_cast<std::ptrdiff_t>(std::min(classes, kMostCurvePanels)));
}

TEST_CASE("curves that do not fit the labels are refused", "[report][unit]") {
  CHECK_THROWS_AS(precision_recall_svg({}, LabelSet::fer2013(), {}), Error);
}

}  // namespace
}  // namespace fer::report
