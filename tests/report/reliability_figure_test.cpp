#include "fer/report/reliability_figure.h"

#include <algorithm>

#include "fer/core/error.h"
#include "report/example_page.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::xml_elements;

metrics::ReliabilityBin bin_of(double low, double high, std::int64_t correct, std::int64_t count,
                               double confidence) {
  return {.low = low,
          .high = high,
          .count = count,
          .correct = correct,
          .confidence = confidence,
          .accuracy = static_cast<double>(correct) / static_cast<double>(count),
          .accuracy_ci95 = metrics::wilson_interval(correct, count)};
}

double number(const test::XmlElement& element, const std::string& name) {
  const std::string before = " " + name + "=\"";
  return std::stod(element.attributes.substr(element.attributes.find(before) + before.size()));
}

TEST_CASE("a dot stands above its confidence at its accuracy", "[report][unit]") {
  const auto elements = xml_elements(reliability_svg(
      {bin_of(0.0, 0.5, 1, 4, 0.5), bin_of(0.5, 1.0, 3, 4, 0.75), metrics::ReliabilityBin{}},
      metrics::Binning::equal_width, 0.125, {}));
  std::vector<test::XmlElement> dots;
  double left = 0.0;
  double right = 0.0;
  for (const auto& element : elements) {
    if (element.name == "circle") dots.push_back(element);
    if (element.name != "line" || element.attributes.find("4 3") == std::string::npos) continue;
    left = number(element, "x1");  // the diagonal, from (0, 0) to (1, 1)
    right = number(element, "x2");
  }
  REQUIRE(dots.size() == 2);  // none for the empty bin
  CHECK(number(dots[0], "cx") == Catch::Approx(left + 0.5 * (right - left)));
  CHECK(number(dots[1], "cx") == Catch::Approx(left + 0.75 * (right - left)));
  CHECK(number(dots[0], "cy") - number(dots[1], "cy") == Catch::Approx(0.5 * (right - left)));
}

TEST_CASE("a reliability diagram says its ECE and what is in its bins", "[report][unit]") {
  const std::vector<metrics::ReliabilityBin> bins{bin_of(0.2, 0.5, 100, 1000, 0.4),
                                                  bin_of(0.5, 1.0, 600, 1000, 0.75)};
  const metrics::Binning binning =
      GENERATE(metrics::Binning::equal_width, metrics::Binning::equal_mass);
  const std::string svg = reliability_svg(bins, binning, 0.1234, {"T", "S"});
  const auto texts = test::drawn_texts(svg);
  CHECK(std::count(texts.begin(), texts.end(), "ECE 0.1234") == 1);
  CHECK(std::count(texts.begin(), texts.end(), "each block: at most 1,000 faces") ==
        (binning == metrics::Binning::equal_mass ? 1 : 0));
  CHECK_THAT(svg,
             ContainsSubstring("<title>confidence 20.0 % to 50.0 %, on average 40.0 %; accuracy "
                               "10.0 %; 100 of 1,000 right</title>"));
  CHECK_THAT(xml_elements(svg)[2].text,
             ContainsSubstring("40 % sure, 10 % right; 75 % sure, 60 % right."));
}

TEST_CASE("reliability of one sample, or sure of all, is drawn", "[report][unit]") {
  const std::vector<float> probabilities{1.0F, 0.0F};
  const std::vector<std::int64_t> truths{1};
  const metrics::ScoredSamples samples(probabilities, truths, 2);
  for (const metrics::Binning binning :
       {metrics::Binning::equal_width, metrics::Binning::equal_mass}) {
    const auto bins = metrics::reliability_bins(samples, 15, binning);
    CHECK_FALSE(xml_elements(reliability_svg(bins, binning, 1.0, {})).empty());
  }
}

TEST_CASE("bins without samples are no diagram", "[report][unit]") {
  CHECK_THROWS_AS(reliability_svg({}, metrics::Binning::equal_width, 0.0, {}), Error);
  CHECK_THROWS_AS(
      reliability_svg({metrics::ReliabilityBin{}}, metrics::Binning::equal_mass, 0.0, {}), Error);
}

}  // namespace
}  // namespace fer::report
