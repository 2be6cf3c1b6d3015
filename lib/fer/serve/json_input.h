// Parses untrusted JSON within bounds.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace fer::serve {

// At most 100,000 values other than numbers, which take little memory, and at most 16 levels.
// @throws Problem for text that is no JSON or exceeds the bounds.
nlohmann::json bounded_json(std::string_view text);

// The kind of a JSON value, for problems: "a number".
std::string_view kind_of(const nlohmann::json& value);

}  // namespace fer::serve
