// JSON of strangers, within bounds.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace fer::serve {

// Numbers take little; of other values there are at most 100,000, and nothing lies deeper than 16.
// @throws Problem for text that is no JSON, and for more of it.
nlohmann::json bounded_json(std::string_view text);

// What a JSON value is called in problems: "a number".
std::string_view kind_of(const nlohmann::json& value);

}  // namespace fer::serve
