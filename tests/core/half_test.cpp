#include "fer/core/half.h"

#include <bit>
#include <cmath>
#include <limits>

#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("Halves have the values that IEEE 754 gives their bits", "[core][unit]") {
  CHECK(from_half(0x3C00) == 1.0F);
  CHECK(from_half(0xC000) == -2.0F);
  CHECK(from_half(0x7BFF) == 65504.0F);
  CHECK(from_half(0x0400) == std::ldexp(1.0F, -14));
  CHECK(from_half(0x0001) == std::ldexp(1.0F, -24));
  CHECK(from_half(0x8001) == -std::ldexp(1.0F, -24));
  CHECK(std::isinf(from_half(0xFC00)));
  CHECK(std::isnan(from_half(0x7E00)));
}

TEST_CASE("Every half comes back from its float", "[core][unit]") {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float number = from_half(half);
    if (std::isnan(number)) {
      CHECK(std::isnan(from_half(to_half(number))));
    } else if (to_half(number) != half) {
      CAPTURE(bits);
      FAIL("came back as another");
    }
  }
}

TEST_CASE("Floats between two halves become the nearer one, and half-way the even one",
          "[core][unit]") {
  for (std::uint32_t bits = 0; bits < 0x7BFF; ++bits) {
    const auto below = static_cast<std::uint16_t>(bits),
               above = static_cast<std::uint16_t>(bits + 1);
    const float low = from_half(below), high = from_half(above), middle = (low + high) / 2.0F;
    const bool right = to_half(middle) == (bits % 2 == 0 ? below : above) &&
                       to_half(std::nextafter(middle, 0.0F)) == below &&
                       to_half(std::nextafter(middle, 1e9F)) == above;
    if (right) continue;
    CAPTURE(bits);
    FAIL("was rounded wrongly");
  }
}

TEST_CASE("What is too large for a half becomes infinite, what is too small zero", "[core][unit]") {
  CHECK(to_half(65519.99F) == 0x7BFF);
  CHECK(to_half(65520.0F) == 0x7C00);
  CHECK(to_half(-1e30F) == 0xFC00);
  CHECK(to_half(std::numeric_limits<float>::infinity()) == 0x7C00);
  CHECK(to_half(std::ldexp(1.0F, -25)) == 0);
  CHECK(to_half(-1e-30F) == 0x8000);
  CHECK(to_half(std::numeric_limits<float>::denorm_min()) == 0);
}

}  // namespace
}  // namespace fer
