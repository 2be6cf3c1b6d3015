// Half-precision numbers (IEEE 754 binary16: 5 bits of exponent, 10 of fraction) as their bits.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fer {

// Converts exactly.
float from_half(std::uint16_t bits);

// Rounds to nearest, ties to even, as processors do; a number that is too large becomes infinite.
std::uint16_t to_half(float number);

// @throws fer::Error that begins with `name`, the owner of the weights, where one is too large.
std::vector<std::uint16_t> to_halves(std::span<const float> weights, const std::string& name);

}  // namespace fer
