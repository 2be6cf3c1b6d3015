#include "fer/report/colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fer::Rgb;
using fer::report::contrast;
using fer::report::readable_on;
using fer::report::sequential_colour;

TEST_CASE("colours are written as CSS does", "[report][unit]") {
  CHECK(fer::report::hex({0, 114, 178}) == "#0072b2");
  CHECK(fer::report::hex({255, 255, 255}) == "#ffffff");
}

TEST_CASE("contrast follows WCAG", "[report][unit]") {
  // Black on white is 21 by definition; #767676 is the well-known darkest grey of 4.54 on white.
  CHECK_THAT(contrast({0, 0, 0}, {255, 255, 255}), WithinAbs(21.0, 1e-9));
  CHECK_THAT(contrast({255, 255, 255}, {0x76, 0x76, 0x76}), WithinAbs(4.54, 0.005));
  CHECK(contrast({9, 9, 9}, {9, 9, 9}) == 1.0);
}

// The way back, sRGB to OKLab, with the other pair of matrices of Ottosson's article.
std::array<double, 3> oklab(Rgb colour) {
  const auto linear = [](std::uint8_t value) {
    const double x = value / 255.0;
    return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
  };
  const double r = linear(colour.red);
  const double g = linear(colour.green);
  const double b = linear(colour.blue);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

TEST_CASE("equal steps of the ramp look equally far apart", "[report][unit]") {
  constexpr int kSteps = 20;
  std::vector<double> distances;
  double sum = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    const auto from = oklab(sequential_colour(static_cast<double>(i) / kSteps));
    const auto to = oklab(sequential_colour(static_cast<double>(i + 1) / kSteps));
    distances.push_back(std::hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]));
    sum += distances.back();
  }
  // 8-bit colours are that coarse; a colour cut off at the edge of sRGB would show.
  for (const double distance : distances) {
    CHECK_THAT(distance, WithinRel(sum / kSteps, 0.08));
  }
}

TEST_CASE("the ramp darkens with every step of a hundredth", "[report][unit]") {
  const Rgb white{255, 255, 255};
  for (int i = 1; i <= 100; ++i) {
    CHECK(contrast(sequential_colour(i / 100.0), white) >
          contrast(sequential_colour((i - 1) / 100.0), white));
  }
}

TEST_CASE("text on any colour of the ramp is readable", "[report][unit]") {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= 1000; ++i) {
    const Rgb background = sequential_colour(i / 1000.0);
    least = std::min(least, contrast(background, readable_on(background)));
  }
  CHECK(least >= 4.5);
}

TEST_CASE("shares outside zero to one have the colour of the nearest end", "[report][unit]") {
  CHECK(sequential_colour(-3.0) == sequential_colour(0.0));
  CHECK(sequential_colour(1.5) == sequential_colour(1.0));
}

}  // namespace
