#include "fer/serve/json_input.h"

#include <cstddef>

#include "fer/serve/problem.h"

namespace fer::serve {

namespace {

using Event = nlohmann::json::parse_event_t;

constexpr int kDeepest = 16;
constexpr std::size_t kMostValues = 100'000;  // other than numbers

}  // namespace

nlohmann::json bounded_json(std::string_view text) {
  std::size_t values = 0;
  const auto bound = [&](int depth, Event event, nlohmann::json& value) {
    const bool number = event == Event::value && value.is_number();
    const bool end = event == Event::array_end || event == Event::object_end;
    if (depth > kDeepest) {
      throw Problem(400, "the JSON is nested too deeply").in("body").allowed("16 levels");
    }
    if (!number && !end && ++values > kMostValues) {
      throw Problem(413, "the JSON has too many values")
          .in("body")
          .allowed("100,000 but for numbers");
    }
    return true;
  };
  try {
    return nlohmann::json::parse(text, bound);
  } catch (const nlohmann::json::exception&) {
    throw Problem(400, "the body is no JSON").in("body").allowed("RFC 8259, in UTF-8");
  }
}

std::string_view kind_of(const nlohmann::json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "true or false";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a text";
  return value.is_array() ? "a list" : "an object";
}

}  // namespace fer::serve
