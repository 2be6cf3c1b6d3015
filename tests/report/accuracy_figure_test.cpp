#include "fer/report/accuracy_figure.h"

#include "report/xml_elements.h"
#include "support/catch.h"

namespace fer::report {
namespace {

double number(const test::XmlElement& element, const std::string& name) {
  const std::string before = " " + name + "=\"";
  return std::stod(element.attributes.substr(element.attributes.find(before) + before.size()));
}

TEST_CASE("an interval lies where it belongs on the line to 100 %", "[report][unit]") {
  const auto elements = test::xml_elements(accuracy_svg(
      {.accuracy = 0.5, .ci95 = {0.25, 0.75}, .most_frequent = 0.1, .frequent_class = "<b>"}));
  CHECK(elements[1].text == "Accuracy 50.00 %");
  CHECK(elements[2].text ==
        "95 % interval 25.00 % to 75.00 % on a line from 0 to 100 %; always “<b>”: 10.0 %.");
  std::vector<test::XmlElement> boxes;
  for (const auto& element : elements) {
    if (element.name == "rect") boxes.push_back(element);
  }
  REQUIRE(boxes.size() == 4);  // paper, the line, up to the accuracy, the interval
  const double width = number(boxes[1], "width");
  CHECK(number(boxes[2], "width") == Catch::Approx(0.5 * width));
  CHECK(number(boxes[3], "x") == Catch::Approx(0.25 * width));
  CHECK(number(boxes[3], "width") == Catch::Approx(0.5 * width));
}

TEST_CASE("the ends of the line are kept", "[report][unit]") {
  for (const double accuracy : {0.0, 1.0}) {
    const std::string svg = accuracy_svg({.accuracy = accuracy,
                                          .ci95 = {accuracy, accuracy},
                                          .most_frequent = 1.0,
                                          .frequent_class = std::string(90, 'w')});
    CHECK_FALSE(test::xml_elements(svg).empty());
    CHECK(svg.find("nan") == std::string::npos);
  }
}

}  // namespace
}  // namespace fer::report
