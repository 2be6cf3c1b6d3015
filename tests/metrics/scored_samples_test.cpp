#include "fer/metrics/scored_samples.h"

#include <limits>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using fer::metrics::ScoredSamples;
using Floats = std::vector<float>;
using Truths = std::vector<std::int64_t>;

TEST_CASE("of equal probabilities the first class is the prediction", "[metrics][unit]") {
  const Floats probabilities{0.2F, 0.4F, 0.4F, 0.5F, 0.0F, 0.5F};
  const Truths truths{0, 0};
  const ScoredSamples samples(probabilities, truths, 3);
  CHECK(samples.prediction(0) == 1);
  CHECK(samples.prediction(1) == 0);
}

TEST_CASE("probabilities that left their range by rounding are read as 0 and 1",
          "[metrics][unit]") {
  const Floats probabilities{1.00005F, -0.00005F};
  const Truths truths{0};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK(samples.probability(0, 0) == 1.0);
  CHECK(samples.probability(0, 1) == 0.0);
}

TEST_CASE("a bad probability is refused with its sample and value", "[metrics][unit]") {
  const float bad = GENERATE(std::numeric_limits<float>::quiet_NaN(),
                             std::numeric_limits<float>::infinity(), 1.01F, -0.01F);
  const Floats probabilities{0.5F, 0.5F, 0.5F, bad};
  const Truths truths{0, 1};
  CHECK_THROWS_MATCHES(
      ScoredSamples(probabilities, truths, 2), fer::Error,
      MessageMatches(ContainsSubstring("sample 1") && ContainsSubstring("class 1")));
}

TEST_CASE("a truth that is no class is refused with its sample", "[metrics][unit]") {
  const std::int64_t bad = GENERATE(-1, 2, std::numeric_limits<std::int64_t>::max());
  const Floats probabilities{0.5F, 0.5F, 0.5F, 0.5F};
  const Truths truths{1, bad};
  CHECK_THROWS_MATCHES(
      ScoredSamples(probabilities, truths, 2), fer::Error,
      MessageMatches(ContainsSubstring("sample 1") && ContainsSubstring(std::to_string(bad))));
}

TEST_CASE("sizes that do not match are refused", "[metrics][unit]") {
  const Floats probabilities(6, 0.5F);
  CHECK_THROWS_AS(ScoredSamples(probabilities, Truths{0, 1}, 2), fer::Error);
  CHECK_THROWS_AS(ScoredSamples(probabilities, Truths{0, 1, 0, 1}, 2), fer::Error);
  CHECK_THROWS_AS(ScoredSamples(Floats(7, 0.5F), Truths{0, 1, 0}, 2), fer::Error);
  CHECK_THROWS_AS(ScoredSamples(probabilities, Truths{}, 2), fer::Error);
  CHECK_THROWS_AS(ScoredSamples(Floats{}, Truths{0}, 0), fer::Error);
  // 2 * 2^63 wraps around to 0: as a product, the sizes would match no probabilities at all.
  CHECK_THROWS_AS(ScoredSamples(Floats{}, Truths{0, 0}, std::size_t{1} << 63U), fer::Error);
}

}  // namespace
