// Properties: what holds for every value, tried with random ones that become small where it does
// not (RapidCheck). Files of them end in _properties_test.cpp and are left out where RapidCheck is
// missing.
#pragma once

#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

#include "support/catch.h"

namespace fer::test {

// Calls `property` with random values of its parameters, `times` times; it says what holds by
// CHECK's like, RC_ASSERT. A condition of several parts needs parentheses of its own there,
// RC_ASSERT((a && b)): without them the macro evaluates b even where a has decided. The values are
// the same in every run, so that a test fails today or never; RC_PARAMS="seed=7 max_success=100000"
// tries others.
template <class Property>
void for_all(Property&& property, int times = 100) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  if (std::getenv("RC_PARAMS") == nullptr) {
    params.seed = 20261129;
    params.maxSuccess = times;
  }
  const auto result = rc::detail::checkTestable(std::forward<Property>(property),
                                                rc::detail::TestMetadata(), params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  INFO(text.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}

// Any bytes, zero bytes too.
inline rc::Gen<std::string> any_bytes() {
  return rc::gen::container<std::string>(rc::gen::arbitrary<char>());
}

// A finite number of any size, whole ones among them.
inline rc::Gen<double> any_number() {
  return rc::gen::oneOf(
      rc::gen::map(rc::gen::arbitrary<int>(), [](int whole) { return static_cast<double>(whole); }),
      rc::gen::suchThat(
          rc::gen::map(rc::gen::arbitrary<std::uint64_t>(),
                       [](std::uint64_t bits) { return std::bit_cast<double>(bits); }),
          [](double number) { return std::isfinite(number); }));
}

// Draws from [low, high], both bounds included.
inline rc::Gen<double> number_in(double low, double high) {
  return rc::gen::map(rc::gen::inRange(0, 10'001),
                      [low, high](int share) { return low + (high - low) * (share / 10'000.0); });
}

}  // namespace fer::test
