#include "fer/core/number.h"

#include <cmath>
#include <cstdint>

#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("A number is the whole text, in plain decimal form", "[core][unit]") {
  CHECK(to_number<int>("42") == 42);
  CHECK(to_number<int>("-7") == -7);
  CHECK(to_number<double>("0.25") == 0.25);
  CHECK(to_number<double>("-1e-3") == -0.001);
  CHECK(to_number<std::int64_t>("9007199254740993") == 9007199254740993);
  for (const char* text : {"", " ", "1 ", " 1", "+1", "1x", "x", "0x10", "1,5", "--1"}) {
    CAPTURE(text);
    CHECK_FALSE(to_number<int>(text));
    CHECK_FALSE(to_number<double>(text));
  }
}

TEST_CASE("What does not fit is no number", "[core][unit]") {
  CHECK_FALSE(to_number<double>("1e999"));
  CHECK_FALSE(to_number<std::uint8_t>("256"));
  CHECK(to_number<std::uint8_t>("255") == std::uint8_t{255});
  CHECK_FALSE(to_number<unsigned>("-1"));
  CHECK_FALSE(to_number<std::int64_t>("9223372036854775808"));
  CHECK_FALSE(to_number<int>("1.0"));
}

TEST_CASE("Floating-point numbers may be nan and inf, as in results of a run that diverged",
          "[core][unit]") {
  CHECK(std::isnan(to_number<double>("nan").value()));
  CHECK(std::isinf(to_number<double>("-inf").value()));
  CHECK_FALSE(to_number<int>("nan"));
}

}  // namespace
}  // namespace fer
