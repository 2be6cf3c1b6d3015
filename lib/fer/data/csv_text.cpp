#include "fer/data/csv_text.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "fer/core/text.h"

namespace fer::data {

namespace {

std::string cut_hint(std::string_view text, const char* at) {
  const auto offset = static_cast<std::size_t>(at - text.data());
  const bool in_last_line = text.find('\n', offset) == std::string_view::npos;
  return in_last_line && text.back() != '\n' ? " (the file ends in this row: is it cut off?)" : "";
}

// The position of the closing quote for the one at `open`; two quotes in a row stand for one in the
// field.
std::size_t closing_quote(std::string_view text, std::size_t open) {
  std::size_t close = text.find('"', open + 1);
  while (close != std::string_view::npos && text.substr(close + 1).starts_with('"')) {
    close = text.find('"', close + 2);
  }
  return close;
}

}  // namespace

Error csv_error(const std::filesystem::path& path, std::string_view text,
                const CsvMistake& mistake) {
  const auto line = 1 + std::count(text.data(), mistake.at, '\n');
  return Error(path.string() + ":" + std::to_string(line) + ": " + mistake.what +
               cut_hint(text, mistake.at));
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

std::string_view take_csv_line(std::string_view& text) {
  const void* newline = std::memchr(text.data(), '\n', text.size());
  const std::size_t length =
      newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - text.data())
              : text.size();
  std::string_view line = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view take_csv_field(std::string_view& rest) {
  std::size_t end = 0;
  std::string_view field;
  const std::size_t start = std::min(rest.find_first_not_of(" \t"), rest.size());
  if (start < rest.size() && rest[start] == '"') {
    const std::size_t close = closing_quote(rest, start);
    if (close == std::string_view::npos) {
      throw CsvMistake{rest.data(), "a quote is opened and never closed in this line"};
    }
    field = rest.substr(start + 1, close - start - 1);
    end = rest.find_first_not_of(" \t\r", close + 1);
    if (end != std::string_view::npos && rest[end] != ',') {
      throw CsvMistake{rest.data(), "text stands between a closed quote and the next comma"};
    }
  } else {
    end = rest.find(',');
    field = rest.substr(0, end);
  }
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trim(field);
}

Split parse_usage(std::string_view field) {
  const std::string usage = to_lower(field);
  if (usage == "training") return Split::train;
  if (usage == "publictest") return Split::val;
  if (usage == "privatetest") return Split::test;
  throw CsvMistake{field.data(), "column 'Usage': value " + quote(field) +
                                     " is not a split; allowed: Training, PublicTest, PrivateTest"};
}

std::string_view usage_name(Split split) {
  constexpr std::array<std::string_view, 4> kNames = {"Training", "PublicTest", "PrivateTest",
                                                      "none"};
  return kNames[static_cast<std::size_t>(split)];
}

}  // namespace fer::data
