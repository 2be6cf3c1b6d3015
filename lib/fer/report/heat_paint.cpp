#include "fer/report/heat_paint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "fer/report/colour.h"

namespace fer::report {

namespace {

constexpr std::size_t kSteps = 100;

// Static, because paints only refer to the names of their roles.
const std::array<std::string, kSteps + 1>& roles() {
  static const auto names = [] {
    std::array<std::string, kSteps + 1> all;
    for (std::size_t i = 0; i <= kSteps; ++i) all[i] = "fer-heat-" + std::to_string(i);
    return all;
  }();
  return names;
}

std::size_t step_of(double share) {
  return static_cast<std::size_t>(
      std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(kSteps)));
}

Rgb dark_colour(std::size_t step) {
  return sequential_colour_on_dark(static_cast<double>(step) / static_cast<double>(kSteps));
}

}  // namespace

svg::Paint heat_paint(double share) { return {roles()[step_of(share)], sequential_colour(share)}; }

svg::Paint heat_ink(double share) {
  constexpr Rgb kBlack{0, 0, 0};
  const bool high = readable_on(dark_colour(step_of(share))) == kBlack;
  return {high ? "fer-on-heat-high" : "fer-on-heat-low", readable_on(sequential_colour(share))};
}

std::string heat_style() {
  std::string style = "@media (prefers-color-scheme: dark) {\n";
  for (std::size_t step = 0; step <= kSteps; ++step) {
    style += "  ." + roles()[step] + " { fill: " + hex(dark_colour(step)) + "; }\n";
  }
  return style +
         "  .fer-on-heat-low { fill: #ffffff; }\n  .fer-on-heat-high { fill: #000000; }\n}\n";
}

}  // namespace fer::report
