#include "fer/core/display_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace fer {

namespace {

constexpr char32_t kReplacement = U'\uFFFD';
constexpr char32_t kEllipsis = U'…';

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool within(char32_t code, const std::array<Range, N>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](Range range) { return code >= range.first && code <= range.last; });
}

// Controls, surrogates, marks that reorder or hide text, and what XML cannot hold.
bool unsafe(char32_t code) {
  static constexpr std::array<Range, 9> kUnsafe{{{0x0, 0x1F},
                                                 {0x7F, 0x9F},
                                                 {0x61C, 0x61C},
                                                 {0x200B, 0x200F},
                                                 {0x2028, 0x202E},
                                                 {0x2060, 0x206F},
                                                 {0xD800, 0xDFFF},
                                                 {0xFEFF, 0xFEFF},
                                                 {0xFFFE, 0xFFFF}}};
  return within(code, kUnsafe) || code > 0x10FFFF;
}

// Bytes of the sequence that starts with `lead`; 0 where none does.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

struct Decoded {
  char32_t code;
  std::size_t bytes;
};

Decoded decode_one(std::string_view text) {
  static constexpr std::array<char32_t, 5> kLowest{0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 0 || length > text.size()) return {kReplacement, 1};
  char32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80U) return {kReplacement, 1};
    code = (code << 6U) | (next & 0x3FU);
  }
  if (code < kLowest[length] || unsafe(code)) return {kReplacement, length};
  return {code, length};
}

void append_utf8(std::string& text, char32_t code) {
  const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string codes;
  while (!text.empty()) {
    const Decoded decoded = decode_one(text);
    codes += decoded.code;
    text.remove_prefix(decoded.bytes);
  }
  return codes;
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  for (const char32_t code : text) append_utf8(bytes, code);
  return bytes;
}

std::string safe_to_show(std::string_view text) { return encode_utf8(decode_utf8(text)); }

std::string safe_lines(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\n\t"), text.size());
    safe += safe_to_show(text.substr(0, end));
    if (end < text.size()) safe += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return safe;
}

std::size_t column_width(char32_t code) {
  static constexpr std::array<Range, 7> kCombining{{{0x0300, 0x036F},
                                                    {0x0483, 0x0489},
                                                    {0x0591, 0x05BD},
                                                    {0x1AB0, 0x1AFF},
                                                    {0x1DC0, 0x1DFF},
                                                    {0x20D0, 0x20FF},
                                                    {0xFE00, 0xFE0F}}};
  static constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                               {0x2E80, 0x303E},
                                               {0x3041, 0xA4CF},
                                               {0xAC00, 0xD7A3},
                                               {0xF900, 0xFAFF},
                                               {0xFE30, 0xFE6F},
                                               {0xFF00, 0xFF60},
                                               {0xFFE0, 0xFFE6},
                                               {0x1F300, 0x1FAFF}}};
  if (within(code, kCombining)) return 0;
  const bool ideograph = code >= 0x20000 && code <= 0x3FFFD;
  return ideograph || within(code, kWide) ? 2 : 1;
}

std::size_t column_width(std::string_view text) {
  std::size_t columns = 0;
  for (const char32_t code : decode_utf8(text)) columns += column_width(code);
  return columns;
}

std::string fit_columns(std::string_view text, std::size_t columns) {
  const std::u32string codes = decode_utf8(text);
  std::size_t width = 0;
  std::size_t kept = 0;  // code points that fit and leave room for the ellipsis
  for (std::size_t i = 0; i < codes.size(); ++i) {
    width += column_width(codes[i]);
    if (width + 1 <= columns) kept = i + 1;
  }
  if (width <= columns) return encode_utf8(codes);
  std::u32string cut = codes.substr(0, kept);
  if (columns > 0) cut += kEllipsis;
  return encode_utf8(cut);
}

std::string pad_right(std::string_view text, std::size_t columns) {
  const std::string fitted = fit_columns(text, columns);
  return fitted + std::string(columns - column_width(fitted), ' ');
}

std::string pad_left(std::string_view text, std::size_t columns) {
  const std::string fitted = fit_columns(text, columns);
  return std::string(columns - column_width(fitted), ' ') + fitted;
}

}  // namespace fer
