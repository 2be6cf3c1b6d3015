#include "fer/report/axis.h"

#include <utility>

#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::report::Axis;
using fer::report::counting_axis;
using fer::report::nice_axis;

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> texts;
  for (const double tick : axis.ticks) texts.push_back(axis.label(tick));
  return texts;
}

using Labels = std::vector<std::string>;

TEST_CASE("a nice axis has round ticks around its values", "[report][unit]") {
  CHECK(labels(nice_axis(0.63, 1.79, 6)) ==
        Labels{"0.6", "0.8", "1.0", "1.2", "1.4", "1.6", "1.8"});
  CHECK(labels(nice_axis(26.0, 78.0, 6)) == Labels{"20", "30", "40", "50", "60", "70", "80"});
  CHECK(labels(nice_axis(0.0, 1.0, 5)) == Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(labels(nice_axis(-0.013, 0.021, 4)) ==
        Labels{"-0.02", "-0.01", "0.00", "0.01", "0.02", "0.03"});
}

TEST_CASE("Labels of huge numbers stay short", "[report][unit]") {
  CHECK(labels(nice_axis(0.0, 2.5e12, 5)) ==
        Labels{"0", "5e+11", "1e+12", "1.5e+12", "2e+12", "2.5e+12"});
}

TEST_CASE("a nice axis holds its range with a bounded number of ticks", "[report][unit]") {
  const auto [low, high] =
      GENERATE(std::pair{0.0, 0.0}, std::pair{5.0, 5.0}, std::pair{-2.0, -2.0},
               std::pair{1e-30, 2e-30}, std::pair{-1e30, 1e30}, std::pair{1.0, 1.0 + 1e-15},
               std::pair{0.1, 0.3}, std::pair{1e9, 1e9 + 1.0}, std::pair{1e-320, 3e-320},
               std::pair{0.0, 5e-324}, std::pair{-1e300, 1e300});
  const Axis axis = nice_axis(low, high, 6);
  CHECK(axis.low < axis.high);
  CHECK(axis.low <= low + axis.step * 1e-6);
  CHECK(axis.high >= high - axis.step * 1e-6);
  CHECK(axis.ticks.size() >= 3);
  CHECK(axis.ticks.size() <= 12);
}

TEST_CASE("an axis maps its ends to zero and one", "[report][unit]") {
  const Axis axis = nice_axis(0.0, 10.0, 5);
  CHECK(axis.position(0.0) == 0.0);
  CHECK(axis.position(10.0) == 1.0);
  CHECK_THAT(axis.position(2.5), WithinAbs(0.25, 1e-12));
}

TEST_CASE("epochs are counted from one in round steps", "[report][unit]") {
  CHECK(labels(counting_axis(1, 8)) == Labels{"1"});
  CHECK(labels(counting_axis(2, 8)) == Labels{"1", "2"});
  CHECK(labels(counting_axis(6, 8)) == Labels{"1", "2", "3", "4", "5", "6"});
  CHECK(labels(counting_axis(40, 8)) == Labels{"1", "5", "10", "15", "20", "25", "30", "35", "40"});
  CHECK(labels(counting_axis(300, 5)) == Labels{"1", "50", "100", "150", "200", "250", "300"});
}

TEST_CASE("a single epoch stands in the middle of its axis", "[report][unit]") {
  CHECK(counting_axis(1, 8).position(1.0) == 0.5);
}

}  // namespace
