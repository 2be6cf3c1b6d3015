// JSON as text.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace fer {

// On one line, or with `indent` blanks a level. File names may hold any bytes: those that are no
// UTF-8 become U+FFFD, where dump() alone would throw.
inline std::string json_text(const nlohmann::json& json, int indent = -1) {
  return json.dump(indent, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace);
}

}  // namespace fer
