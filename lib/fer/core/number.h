// Numbers in text: one parser for files, options and addresses.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace fer {

template <class T>
concept Number = (std::integral<T> && !std::same_as<T, bool>) || std::floating_point<T>;

// The number that the whole text is, whatever the locale. Nothing for blanks, "+1", hexadecimal
// numbers, and what does not fit into T. "nan" and "inf" are numbers of floating-point types:
// callers bound the value anyway.
template <Number T>
std::optional<T> to_number(std::string_view text) {
  T number{};
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

}  // namespace fer
