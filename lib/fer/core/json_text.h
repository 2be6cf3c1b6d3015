// JSON as text, and text as JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace fer {

// On one line, or with `indent` blanks a level. File names may hold any bytes: those that are no
// UTF-8 become U+FFFD, where dump() alone would throw.
inline std::string json_text(const nlohmann::json& json, int indent = -1) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace);
}

// The deepest nesting of lists and objects that is read; fer's own files have four levels.
inline constexpr int kDeepestJson = 32;

// Parses untrusted text. The value is discarded (is_discarded()) where the text is no JSON, or is
// nested more deeply than kDeepestJson: copying, comparing and writing take one call for each
// level, and a file of 16 KiB could nest deeply enough to overflow the stack.
nlohmann::json parse_json(std::string_view text);

// @throws std::invalid_argument where the value is not a whole number that 64 bits hold: get()
// would convert any number, 1e300 too.
std::int64_t whole_number(const nlohmann::json& value);

}  // namespace fer
