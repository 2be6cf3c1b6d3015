#include "fer/report/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fer::report {

namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t kNoLetter = 255, kBlank = 254, kPadding = 253;

constexpr std::array<std::uint8_t, 256> values_of_letters() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = kNoLetter;
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    values[static_cast<std::uint8_t>(kLetters[i])] = static_cast<std::uint8_t>(i);
  }
  for (const char blank : {' ', '\t', '\r', '\n'}) {
    values[static_cast<std::uint8_t>(blank)] = kBlank;
  }
  values[static_cast<std::uint8_t>('=')] = kPadding;
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = values_of_letters();

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view three = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < three.size() ? static_cast<std::uint8_t>(three[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= three.size() ? kLetters[bits >> (18 - 6 * i) & 63U] : '=';
    }
  }
  return text;
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  std::size_t letters = 0, padding = 0;
  for (const char letter : text) {
    const std::uint8_t value = kValues[static_cast<std::uint8_t>(letter)];
    if (value == kBlank) continue;
    if (value == kNoLetter || (value != kPadding && padding > 0)) return std::nullopt;
    if (value == kPadding) {
      ++padding;
      continue;
    }
    bits = bits << 6 | value;
    if (++letters % 4 == 0) {
      for (const int shift : {16, 8, 0}) bytes += static_cast<char>(bits >> shift & 255U);
    }
  }
  const std::size_t rest = letters % 4;
  if (rest == 1 || padding > 2 || (padding > 0 && (letters + padding) % 4 != 0))
    return std::nullopt;
  if (rest >= 2) bytes += static_cast<char>(bits >> (rest == 2 ? 4 : 10) & 255U);
  if (rest == 3) bytes += static_cast<char>(bits >> 2 & 255U);
  return bytes;
}

}  // namespace fer::report
