#include "fer/report/compare_figure.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/report/colour.h"
#include "report/drawn_curves.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using fer::report::compare_curves_svg;
using fer::report::NamedCurves;
using fer::test::drawn_curves;
using fer::test::drawn_texts;
using fer::test::DrawnCurve;
using fer::test::holds;
using fer::test::xml_elements;

NamedCurves run_named(const std::string& name) {
  return {.name = name,
          .val_loss = {1.5, 1.25, 1.375},
          .val_accuracy = {0.5, 0.6125, 0.6},
          .best_epoch = 2};
}

std::vector<NamedCurves> many_runs(std::size_t count) {
  std::vector<NamedCurves> runs;
  for (std::size_t i = 0; i < count; ++i) runs.push_back(run_named("run " + std::to_string(i)));
  return runs;
}

std::string description_of(const std::string& svg) { return xml_elements(svg)[2].text; }

TEST_CASE("compared runs are named with their best validation accuracy and epoch",
          "[report][unit]") {
  NamedCurves other = run_named("b & <c>");
  other.val_accuracy[2] = 0.75;
  other.best_epoch = 3;
  const std::string svg = compare_curves_svg({run_named("a"), other}, {"Two runs", ""});
  for (const char* wanted : {"Two runs", "Validation loss", "Validation accuracy", "a", "b & <c>",
                             "best 61.25 % at epoch 2", "best 75.00 % at epoch 3"}) {
    INFO(wanted);
    CHECK(holds(drawn_texts(svg), wanted));
  }
  CHECK(description_of(svg) ==
        "Loss and validation accuracy of 2 runs over up to 3 epochs. a: best 61.25 % at epoch 2; "
        "b & <c>: best 75.00 % at epoch 3.");
}

TEST_CASE("twelve compared runs differ in colour or dashes, neighbours in both", "[report][unit]") {
  const auto curves = drawn_curves(compare_curves_svg(many_runs(12), {}));
  REQUIRE(curves.size() == 2 * 12);
  std::set<std::pair<std::string, std::string>> looks;
  for (std::size_t i = 0; i < 12; ++i) {
    INFO(i);
    looks.insert({curves[i].colour, curves[i].dashes});
    CHECK(curves[i].colour == curves[12 + i].colour);  // loss and accuracy of the same run
    CHECK(curves[i].dashes == curves[12 + i].dashes);
    if (i == 0) continue;
    CHECK(curves[i].colour != curves[i - 1].colour);
    CHECK(curves[i].dashes != curves[i - 1].dashes);
  }
  CHECK(looks.size() == 12);
}

TEST_CASE("the curve of every compared run stands out from the paper", "[report][unit]") {
  for (const DrawnCurve& curve : drawn_curves(compare_curves_svg(many_runs(12), {}))) {
    INFO(curve.colour);
    unsigned red = 0;
    unsigned green = 0;
    unsigned blue = 0;
    REQUIRE(std::sscanf(curve.colour.c_str(), "#%2x%2x%2x", &red, &green, &blue) == 3);
    const fer::Rgb colour{static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green),
                          static_cast<std::uint8_t>(blue)};
    CHECK(fer::report::contrast(colour, {255, 255, 255}) >= 3.0);  // WCAG 2.1, 1.4.11
  }
}

TEST_CASE("the training loss of a compared run is a thin line of the run's own look",
          "[report][unit]") {
  NamedCurves run = run_named("a");
  CHECK(drawn_curves(compare_curves_svg({run}, {})).size() == 2);
  run.train_loss = {1.75, 1.5, 1.0};
  const std::string svg = compare_curves_svg({run_named("b"), run}, {});
  const auto curves = drawn_curves(svg);  // training, validation twice, accuracy twice
  REQUIRE(curves.size() == 5);
  CHECK(curves[0].colour == curves[2].colour);
  CHECK(curves[0].dashes == curves[2].dashes);
  CHECK(std::stod(curves[0].width) < std::stod(curves[2].width));
  CHECK(holds(drawn_texts(svg), "Validation loss; thin: training"));
}

TEST_CASE("compared runs share their axes and end where they end", "[report][unit]") {
  NamedCurves shorter = run_named("short");
  shorter.val_loss.pop_back();
  shorter.val_accuracy.pop_back();
  const auto curves = drawn_curves(compare_curves_svg({run_named("long"), shorter}, {}));
  REQUIRE(curves.size() == 4);
  REQUIRE(curves[0].points.size() == 3);
  REQUIRE(curves[1].points.size() == 2);
  for (std::size_t epoch = 0; epoch < 2; ++epoch) {
    CHECK(curves[1].points[epoch].x == curves[0].points[epoch].x);
    CHECK(curves[1].points[epoch].y == curves[0].points[epoch].y);
  }
}

TEST_CASE("a run without a best epoch, or with an unmeasured one, says so", "[report][unit]") {
  NamedCurves none = run_named("none");
  none.best_epoch = 0;
  NamedCurves unmeasured = run_named("unmeasured");
  unmeasured.val_accuracy.clear();
  const std::string svg = compare_curves_svg({none, unmeasured}, {});
  CHECK(holds(drawn_texts(svg), "no best epoch"));
  CHECK(holds(drawn_texts(svg), "best at epoch 2"));
}

TEST_CASE("a comparison says where the spike of a run is cut off", "[report][unit]") {
  NamedCurves spiky = run_named("spiky");
  spiky.val_loss = {2.0, 1.9, 1.8, 250.0, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1};
  spiky.val_accuracy.assign(10, 0.5);
  const std::string svg = compare_curves_svg({spiky, run_named("calm")}, {});
  CHECK_THAT(description_of(svg), ContainsSubstring("calm: best 61.25 % at epoch 2; loss above "));
  CHECK_THAT(description_of(svg), ContainsSubstring(" is cut off."));
  const std::string calm = compare_curves_svg({run_named("calm")}, {});
  CHECK(calm.find("cut off") == std::string::npos);
}

TEST_CASE("more runs than can be told apart are refused, and so are none", "[report][unit]") {
  CHECK_THROWS_MATCHES(
      compare_curves_svg(many_runs(13), {}), fer::Error,
      MessageMatches(ContainsSubstring("13 runs") && ContainsSubstring("at most 12")));
  CHECK_THROWS_AS(compare_curves_svg({}, {}), fer::Error);
}

TEST_CASE("a run whose curves do not belong together is named", "[report][unit]") {
  NamedCurves run = run_named("odd one");
  run.val_loss.pop_back();
  CHECK_THROWS_MATCHES(compare_curves_svg({run_named("a"), run}, {}), fer::Error,
                       MessageMatches(ContainsSubstring("run 'odd one': curves of 2 and 3")));
  run = run_named("odd one");
  run.best_epoch = 4;
  CHECK_THROWS_MATCHES(compare_curves_svg({run}, {}), fer::Error,
                       MessageMatches(ContainsSubstring("best epoch 4 of 3")));
}

}  // namespace
