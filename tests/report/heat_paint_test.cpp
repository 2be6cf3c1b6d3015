#include "fer/report/heat_paint.h"

#include <set>

#include "fer/report/colour.h"
#include "support/catch.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;

// The colour that the style sheet of a dark page gives a role.
Rgb dark_colour(std::string_view role) {
  const std::string style = heat_style();
  const std::string rule = "." + std::string(role) + " { fill: #";
  const std::size_t at = style.find(rule);
  REQUIRE(at != std::string::npos);
  const unsigned long value = std::stoul(style.substr(at + rule.size(), 6), nullptr, 16);
  return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 255U),
          static_cast<std::uint8_t>(value & 255U)};
}

TEST_CASE("what stands in a heat map can be read in light and dark", "[report][unit]") {
  for (int i = 0; i <= 1000; ++i) {
    const double share = i / 1000.0;
    INFO(share);
    const svg::Paint paint = heat_paint(share);
    const svg::Paint ink = heat_ink(share);
    CHECK(paint.colour == sequential_colour(share));
    CHECK(contrast(paint.colour, ink.colour) >= 4.5);
    CHECK(contrast(dark_colour(paint.role), dark_colour(ink.role)) >= 4.5);
  }
}

TEST_CASE("on a dark page more is lighter, with a step for each per cent", "[report][unit]") {
  const Rgb black{0, 0, 0};
  double before = 0.0;
  std::set<std::string_view> roles;
  for (int percent = 0; percent <= 100; ++percent) {
    const auto role = heat_paint(percent / 100.0).role;
    roles.insert(role);
    const double lightness = contrast(dark_colour(role), black);
    CHECK(lightness >= before);
    before = lightness;
  }
  CHECK(roles.size() == 101);
  CHECK(heat_paint(-1.0).role == heat_paint(0.0).role);
  CHECK(heat_paint(2.0).role == heat_paint(1.0).role);
}

}  // namespace
}  // namespace fer::report
