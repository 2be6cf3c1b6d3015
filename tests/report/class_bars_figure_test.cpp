#include "fer/report/class_bars_figure.h"

#include <algorithm>

#include "fer/core/error.h"
#include "report/example_page.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::drawn_texts;
using test::xml_elements;

// Rows are the truth.
metrics::ClassificationReport report_of(const std::vector<std::vector<std::int64_t>>& counts) {
  metrics::ClassificationReport report;
  report.confusion = metrics::ConfusionMatrix(counts.size());
  for (std::size_t truth = 0; truth < counts.size(); ++truth) {
    for (std::size_t prediction = 0; prediction < counts.size(); ++prediction) {
      report.confusion.add(static_cast<std::int64_t>(truth), static_cast<std::int64_t>(prediction),
                           counts[truth][prediction]);
    }
  }
  report.per_class = metrics::class_scores(report.confusion);
  return report;
}

// The widths of all bars drawn in a role, in order.
std::vector<double> widths_of(const std::string& svg, const std::string& role) {
  std::vector<double> widths;
  for (const auto& element : xml_elements(svg)) {
    const bool drawn = element.attributes.find("class=\"" + role + "\"") != std::string::npos;
    const std::size_t at = element.attributes.find(" width=\"");
    if (element.name == "rect" && drawn)
      widths.push_back(std::stod(element.attributes.substr(at + 8)));
  }
  return widths;
}

TEST_CASE("each class has its precision, recall, F1 and support", "[report][unit]") {
  // Class yes: 30 of 40 found, 30 of 50 calls right; F1 60/90.
  const auto report = report_of({{30, 10}, {20, 1940}});
  const std::string svg = class_bars_svg(report, LabelSet({"yes", "no"}), {"Title", ""});
  const auto texts = drawn_texts(svg);
  for (const char* wanted : {"Title", "yes", "60.0 %", "75.0 %", "0.667", "40", "1,960"}) {
    INFO(wanted);
    CHECK(std::find(texts.begin(), texts.end(), wanted) != texts.end());
  }
  const auto widths = widths_of(svg, "fer-class-1");
  REQUIRE(widths.size() == 3);
  CHECK(widths[0] / widths[1] == Catch::Approx(0.6 / 0.75).epsilon(0.001));
  CHECK(widths[2] / widths[1] == Catch::Approx(2.0 / 3.0 / 0.75).epsilon(0.001));
}

TEST_CASE("a class that nothing can be said of has no bars", "[report][unit]") {
  const auto report = report_of({{5, 0, 0}, {5, 0, 0}, {0, 0, 0}});
  const std::string svg = class_bars_svg(report, LabelSet({"yes", "missed", "absent"}), {});
  const auto texts = drawn_texts(svg);
  // "missed" has no precision; "absent" neither that, nor recall, nor F1.
  CHECK(std::count(texts.begin(), texts.end(), "–") == 4);
  CHECK(widths_of(svg, "fer-class-3") == std::vector<double>{0.0, 0.0, 0.0});
}

TEST_CASE("bars of any number of classes are well-formed", "[report][unit]") {
  const std::size_t classes = GENERATE(as<std::size_t>{}, 2, 7, 60, 61, 1000);
  const test::DrawnSamples samples(classes * 2, classes, 1);
  const std::string svg = class_bars_svg(
      samples.report(), test::numbered_labels(classes, "a long name of class & <b> "), {"t", "s"});
  const auto texts = drawn_texts(svg);
  const bool cut = std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
    return text.find("with the lowest F1") != text.npos;
  });
  CHECK(cut == (classes > kMostClassBars));
  CHECK_THAT(xml_elements(svg)[2].text, ContainsSubstring("The highest F1 has"));
}

TEST_CASE("scores that do not fit the labels are refused", "[report][unit]") {
  CHECK_THROWS_AS(class_bars_svg(report_of({{1, 0}, {0, 1}}), LabelSet::fer2013(), {}), Error);
  CHECK_THROWS_AS(class_bars_svg({}, LabelSet::fer2013(), {}), Error);
}

}  // namespace
}  // namespace fer::report
