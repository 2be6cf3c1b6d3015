#include "fer/report/curves_figure.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <vector>

#include "fer/core/error.h"
#include "report/drawn_curves.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using fer::report::training_curves_svg;
using fer::report::TrainingCurves;
using fer::test::drawn_curves;
using fer::test::drawn_texts;
using fer::test::holds;
using fer::test::xml_elements;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TrainingCurves three_epochs() {
  return {.train_loss = {1.8, 1.4, 1.1},
          .val_loss = {1.7, 1.5, 1.6},
          .train_accuracy = {0.3, 0.5, 0.6},
          .val_accuracy = {0.35, 0.45, 0.4},
          .best_epoch = 2};
}

std::ptrdiff_t count(const std::string& svg, const std::string& name) {
  const auto elements = xml_elements(svg);
  return std::count_if(elements.begin(), elements.end(),
                       [&name](const auto& element) { return element.name == name; });
}

TEST_CASE("training curves name the best epoch, counted from one, and its values",
          "[report][unit]") {
  const auto texts = drawn_texts(training_curves_svg(three_epochs(), {"Run 7", "seed-cnn"}));
  for (const char* wanted : {"Run 7", "seed-cnn", "Loss", "Accuracy", "epoch", "train",
                             "validation", "best epoch 2: 1.500", "best epoch 2: 45.0 %"}) {
    INFO(wanted);
    CHECK(holds(texts, wanted));
  }
}

TEST_CASE("without a best epoch none is marked, and the last epoch can be it", "[report][unit]") {
  TrainingCurves curves = three_epochs();
  curves.best_epoch = 0;
  const std::string unmarked = training_curves_svg(curves, {});
  CHECK(unmarked.find("best") == std::string::npos);
  CHECK(count(unmarked, "circle") == 0);
  curves.best_epoch = 3;
  CHECK(holds(drawn_texts(training_curves_svg(curves, {})), "best epoch 3: 1.600"));
}

TEST_CASE("every measured curve is one line", "[report][unit]") {
  CHECK(count(training_curves_svg(three_epochs(), {}), "polyline") == 4);
}

TEST_CASE("a curve runs from the left end of its panel to the right, high values above",
          "[report][unit]") {
  TrainingCurves curves;
  curves.train_loss = {2.0, 1.0, 0.0};  // the axis goes from 0.0 to 2.5
  const auto elements = xml_elements(training_curves_svg(curves, {}));
  const auto first = [&elements](const std::string& word) {
    return std::find_if(elements.begin(), elements.end(),
                        [&word](const auto& element) {
                          return element.attributes.find(word) != std::string::npos;
                        })
        ->attributes;
  };
  // The first line of the grid is the lowest, at 0.0; a panel is 270 high.
  double left = 0.0;
  double right = 0.0;
  double bottom = 0.0;
  REQUIRE(std::sscanf(first("fer-grid-line").c_str(), " x1=\"%lf\" y1=\"%lf\" x2=\"%lf\"", &left,
                      &bottom, &right) == 3);
  std::array<double, 6> at{};
  REQUIRE(std::sscanf(first("points=").c_str(), " points=\"%lf,%lf %lf,%lf %lf,%lf\"", &at[0],
                      &at[1], &at[2], &at[3], &at[4], &at[5]) == 6);
  CHECK(at[0] == left);
  CHECK(at[2] == (left + right) / 2.0);
  CHECK(at[4] == right);
  CHECK(at[1] == bottom - 270.0 * 2.0 / 2.5);
  CHECK(at[3] == bottom - 270.0 * 1.0 / 2.5);
  CHECK(at[5] == bottom);
}

TEST_CASE("a gap parts a curve and a lonely epoch is a dot", "[report][unit]") {
  TrainingCurves curves;
  curves.train_loss = {1.9, 1.8, kNaN, 1.6, kNaN, 1.4, 1.3};
  const std::string svg = training_curves_svg(curves, {});
  CHECK(count(svg, "polyline") == 2);
  CHECK(count(svg, "circle") == 1);
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("one epoch is drawn as dots", "[report][unit]") {
  const std::string svg = training_curves_svg({.train_loss = {1.7},
                                               .val_loss = {1.6},
                                               .train_accuracy = {0.3},
                                               .val_accuracy = {1.0},
                                               .best_epoch = 1},
                                              {});
  CHECK(count(svg, "polyline") == 0);
  CHECK(count(svg, "circle") == 4 + 2 * 2);  // a dot each; the marks are a disc and a ring
  CHECK_FALSE(holds(drawn_texts(svg), "110 %"));
}

TEST_CASE("what was never measured is said, not drawn", "[report][unit]") {
  TrainingCurves curves;
  curves.train_loss = {1.7, 1.2};
  curves.val_accuracy = {kNaN, std::numeric_limits<double>::infinity()};
  const auto texts = drawn_texts(training_curves_svg(curves, {}));
  CHECK(std::count(texts.begin(), texts.end(), "not measured") == 1);
}

TEST_CASE("curves of extreme values are well-formed", "[report][unit]") {
  const double value = GENERATE(0.0, -5.0, 1e29, 1e300, 1e-300, kNaN);
  TrainingCurves curves = three_epochs();
  curves.val_loss[2] = value;
  curves.train_accuracy = {value, value, value};
  const std::string svg = training_curves_svg(curves, {});
  CHECK(xml_elements(svg)[2].text ==
        "Loss and accuracy on training and validation images over 3 epochs; the best is epoch 2.");
  CHECK(svg.find("\"nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
  CHECK(svg.size() < 20'000);
}

// From 2.0 down to 1.05 in steps of 0.05, with 400 instead in epoch 10.
TrainingCurves spiky() {
  TrainingCurves curves;
  for (int epoch = 0; epoch < 20; ++epoch) curves.val_loss.push_back(2.0 - 0.05 * epoch);
  curves.val_loss[9] = 400.0;
  return curves;
}

TEST_CASE("a spike is cut off at the top instead of flattening the loss", "[report][unit]") {
  const std::string svg = training_curves_svg(spiky(), {});
  const auto curves = drawn_curves(svg);
  REQUIRE(curves.size() == 1);
  const auto& points = curves[0].points;
  REQUIRE(points.size() == 20);
  const auto [top, bottom] = std::minmax_element(
      points.begin(), points.end(), [](const auto& a, const auto& b) { return a.y < b.y; });
  CHECK(top - points.begin() == 9);
  CHECK(bottom->y - points.front().y > 270.0 / 2.0);  // the rest has most of the panel's height
  CHECK(holds(drawn_texts(svg), "loss above 2.2 is cut off"));
  CHECK(xml_elements(svg)[2].text ==
        "Loss and accuracy on training and validation images over 20 epochs; loss above 2.2 is cut "
        "off.");
}

TEST_CASE("a loss that merely falls far is drawn whole", "[report][unit]") {
  TrainingCurves curves = spiky();
  curves.val_loss[9] = 5.0;  // above every other, but within three times the 90th percentile
  CHECK(training_curves_svg(curves, {}).find("cut off") == std::string::npos);
  curves.val_loss = {400.0, 2.0, 1.0};  // too few for one to be the exception
  CHECK(training_curves_svg(curves, {}).find("cut off") == std::string::npos);
}

TEST_CASE("however many spikes there are, the loss axis keeps to three times the usual",
          "[report][unit]") {
  TrainingCurves curves;
  curves.val_loss.assign(100, 1.0);
  for (std::size_t epoch = 0; epoch < 100; epoch += 20) curves.val_loss[epoch] = 1000.0;
  const auto texts = drawn_texts(training_curves_svg(curves, {}));
  CHECK(holds(texts, "loss above 3.5 is cut off"));
}

TEST_CASE("curves that do not belong together are refused", "[report][unit]") {
  TrainingCurves curves = three_epochs();
  curves.val_loss.pop_back();
  CHECK_THROWS_AS(training_curves_svg(curves, {}), fer::Error);
  curves = three_epochs();
  curves.best_epoch = 4;
  CHECK_THROWS_AS(training_curves_svg(curves, {}), fer::Error);
  curves.best_epoch = -1;
  CHECK_THROWS_AS(training_curves_svg(curves, {}), fer::Error);
  CHECK_THROWS_AS(training_curves_svg(TrainingCurves{}, {}), fer::Error);
}

}  // namespace
