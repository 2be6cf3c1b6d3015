#include "fer/core/json_text.h"

#include <limits>
#include <stdexcept>

#include "fer/core/text.h"

namespace fer {

using nlohmann::json;

json parse_json(std::string_view text) {
  struct TooDeep {};
  const auto is_shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > kDeepestJson) throw TooDeep();
    return true;
  };
  try {
    return json::parse(text, is_shallow, /*allow_exceptions=*/false);
  } catch (const TooDeep&) {
    return json(json::value_t::discarded);  // braces would make a list of it
  }
}

std::int64_t whole_number(const json& value) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool fits = value.is_number_integer() &&
                    !(value.is_number_unsigned() && value.get<std::uint64_t>() > kMost);
  if (!fits) throw std::invalid_argument(quote(json_text(value)) + " is not a whole number");
  return value.get<std::int64_t>();
}

}  // namespace fer
