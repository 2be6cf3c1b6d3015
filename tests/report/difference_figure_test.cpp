#include "fer/report/difference_figure.h"

#include <algorithm>

#include "fer/core/error.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;

metrics::PairedComparison comparison(double difference, double low, double high, double p) {
  metrics::PairedComparison result;
  result.difference = difference;
  result.difference_ci95 = {low, high};
  result.mcnemar.p = p;
  return result;
}

TEST_CASE("differences and chances are written for people", "[report][unit]") {
  CHECK(points_text(0.0123) == "+1.23");
  CHECK(points_text(-0.004) == "−0.40");
  CHECK(points_text(0.0) == "0.00");
  CHECK(points_text(-0.00001) == "0.00");
  CHECK(p_text(0.0009) == "p < 0.001");
  CHECK(p_text(0.0415) == "p = 0.042");
  CHECK(p_text(1.0) == "p = 1.000");
}

TEST_CASE("each model has its difference, interval and p", "[report][unit]") {
  const std::string svg = difference_svg({{"<better>", comparison(0.05, 0.02, 0.08, 0.0001)},
                                          {"worse", comparison(-0.05, -0.08, -0.02, 0.01)}},
                                         "base", {"T", ""});
  const auto texts = test::drawn_texts(svg);
  for (const char* wanted : {"<better>", "+5.00, p < 0.001", "worse", "−5.00, p = 0.010"}) {
    INFO(wanted);
    CHECK(std::count(texts.begin(), texts.end(), wanted) == 1);
  }
  const auto elements = test::xml_elements(svg);
  CHECK_THAT(elements[2].text, ContainsSubstring("to base in percentage points"));
  std::vector<double> across;
  for (const auto& element : elements) {
    if (element.name != "circle") continue;
    across.push_back(std::stod(element.attributes.substr(element.attributes.find("cx=\"") + 4)));
  }
  REQUIRE(across.size() == 2);
  CHECK(across[0] > across[1]);
}

TEST_CASE("a model beside itself is drawn at zero", "[report][unit]") {
  const std::string svg = difference_svg({{"same", comparison(0.0, 0.0, 0.0, 1.0)}}, "same", {});
  CHECK(svg.find("nan") == std::string::npos);
  const auto texts = test::drawn_texts(svg);
  CHECK(std::count(texts.begin(), texts.end(), "0.00, p = 1.000") == 1);
}

TEST_CASE("no models are no figure", "[report][unit]") {
  CHECK_THROWS_AS(difference_svg({}, "base", {}), Error);
}

}  // namespace
}  // namespace fer::report
