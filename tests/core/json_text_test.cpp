#include "fer/core/json_text.h"

#include <stdexcept>
#include <string>

#include "support/catch.h"

namespace fer {
namespace {

using nlohmann::json;

std::string lists(int depth) {
  const auto count = static_cast<std::size_t>(depth);
  return std::string(count, '[') + "1" + std::string(count, ']');
}

TEST_CASE("Untrusted JSON is read as it is, or not at all", "[core][unit]") {
  CHECK(parse_json(R"({"a": [1, null, "x"]})") == json{{"a", {1, nullptr, "x"}}});
  for (const char* bad : {"", "{", "[1,]", "1e999", "\"\xff\"", "nan"}) {
    CAPTURE(bad);
    CHECK(parse_json(bad).is_discarded());
  }
}

TEST_CASE("Lists in lists are read down to a bound, and no stack overflows",
          "[core][unit][bad-input]") {
  CHECK(parse_json(lists(kDeepestJson)).is_array());
  CHECK(parse_json(lists(kDeepestJson + 1)).is_discarded());
  CHECK(parse_json(lists(1'000'000)).is_discarded());
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  CHECK(parse_json(objects).is_discarded());
}

TEST_CASE("A whole number is one that 64 bits hold", "[core][unit]") {
  CHECK(whole_number(json::parse("-9223372036854775808")) ==
        std::numeric_limits<std::int64_t>::min());
  CHECK(whole_number(json(7U)) == 7);
  for (const char* other :
       {"1.0", "1e300", "18446744073709551615", "\"7\"", "null", "true", "[7]"}) {
    CAPTURE(other);
    CHECK_THROWS_AS(whole_number(json::parse(other)), std::invalid_argument);
  }
}

}  // namespace
}  // namespace fer
