// Catch2 for every test, version 3 or 2 (Debian 12 packages 2.13): tests are written for version 3.
#pragma once

#if __has_include(<catch2/catch_test_macros.hpp>)

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

// Version 2 has Approx in the global namespace; without this, tests that use it so would compile on
// Debian 12 only.
using Catch::Approx;

#define FER_SKIP(reason) SKIP("skipped: " << reason)

#else

#include <catch2/catch.hpp>
#include <exception>
#include <string>
#include <utility>

namespace Catch {
using Detail::Approx;
}

namespace Catch::Matchers {

inline auto ContainsSubstring(const std::string& text) { return Contains(text); }

// Version 2 lacks this matcher of version 3: matches what() of an exception with another matcher.
template <class TextMatcher>
class MessageMatcher : public Impl::MatcherBase<std::exception> {
 public:
  explicit MessageMatcher(TextMatcher matcher) : matcher_(std::move(matcher)) {}
  bool match(const std::exception& error) const override { return matcher_.match(error.what()); }
  std::string describe() const override { return "has a message that " + matcher_.describe(); }

 private:
  TextMatcher matcher_;
};

template <class TextMatcher>
MessageMatcher<TextMatcher> MessageMatches(TextMatcher matcher) {
  return MessageMatcher<TextMatcher>(std::move(matcher));
}

}  // namespace Catch::Matchers

// Version 2 cannot skip: it warns and passes, and ctest reads "skipped:" in the output.
#define FER_SKIP(reason)         \
  do {                           \
    WARN("skipped: " << reason); \
    return;                      \
  } while (false)

#endif
