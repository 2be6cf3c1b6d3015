#include "fer/core/half.h"

#include <bit>
#include <cmath>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

constexpr std::uint32_t kInfiniteHalf = 0x7C00U, kInfinite = 0x7F800000U;

// Drops the last `count` bits, rounding to the nearest, and half-way to the even one.
std::uint32_t rounded_shift(std::uint32_t bits, std::uint32_t count) {
  const std::uint32_t half = 1U << (count - 1), rest = bits & ((1U << count) - 1);
  const std::uint32_t kept = bits >> count;
  return kept + (rest > half || (rest == half && kept % 2 == 1) ? 1 : 0);
}

}  // namespace

float from_half(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
  const std::uint32_t exponent = bits >> 10 & 0x1FU, fraction = bits & 0x3FFU;
  if (exponent == 0x1FU) return std::bit_cast<float>(sign | kInfinite | fraction << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  const float small = static_cast<float>(fraction) * 0x1p-24F;  // exact
  return sign != 0 ? -small : small;
}

std::uint16_t to_half(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const std::uint32_t sign = bits >> 16 & 0x8000U, magnitude = bits & 0x7FFFFFFFU;
  std::uint32_t half = 0;
  if (magnitude > kInfinite) {
    half = kInfiniteHalf | 0x200U;        // NaN
  } else if (magnitude >= 0x47800000U) {  // 65536
    half = kInfiniteHalf;
  } else if (magnitude >= 0x38800000U) {                // 2^-14, the smallest with a full fraction
    half = rounded_shift(magnitude - 0x38000000U, 13);  // a carry goes into the exponent, rightly
  } else if (magnitude >= 0x33000000U) {                // 2^-25, half of the smallest there is
    const std::uint32_t fraction = (magnitude & 0x7FFFFFU) | 0x800000U;
    half = rounded_shift(fraction, 126 - (magnitude >> 23));
  }
  return static_cast<std::uint16_t>(sign | half);
}

std::vector<std::uint16_t> to_halves(std::span<const float> weights, const std::string& name) {
  std::vector<std::uint16_t> halves;
  halves.reserve(weights.size());
  for (const float weight : weights) {
    halves.push_back(to_half(weight));
    if (std::isfinite(from_half(halves.back()))) continue;
    throw Error("weights " + quote(name) +
                " are too large for float16, whose largest number is 65504; store float32");
  }
  return halves;
}

}  // namespace fer
