// Property tests by RapidCheck: each states what holds for every value and is tried with random
// ones; a failing value is shrunk to a small one. Their files end in _properties_test.cpp and are
// left out of the build where RapidCheck is missing.
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

// Calls `property` `times` times with random values of its parameters. It checks by RC_ASSERT,
// where a condition of several parts needs its own parentheses, RC_ASSERT((a && b)): without them
// the macro evaluates b even if a is false. The values are the same in every run, so that a test
// fails always or never; RC_PARAMS="seed=7 max_success=100000" tries others.
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

// A string of any bytes, zero bytes among them.
inline rc::Gen<std::string> any_bytes() {
  return rc::gen::container<std::string>(rc::gen::arbitrary<char>());
}

// A finite number of any magnitude, sometimes an integer.
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
