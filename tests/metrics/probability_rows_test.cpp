#include "fer/metrics/probability_rows.h"

#include <cmath>
#include <limits>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using Catch::Matchers::WithinAbs;
using fer::metrics::ProbabilityRows;
using Floats = std::vector<float>;

TEST_CASE("classes rank by probability and equal ones by their order", "[metrics][unit]") {
  const Floats probabilities{0.125F, 0.25F, 0.5F, 0.125F};
  const ProbabilityRows rows(probabilities, 4);
  CHECK(rows.size() == 1);
  CHECK(rows.rank(0, 2) == 0);
  CHECK(rows.rank(0, 1) == 1);
  CHECK(rows.rank(0, 0) == 2);
  CHECK(rows.rank(0, 3) == 3);
}

TEST_CASE("the prediction has rank zero", "[metrics][unit]") {
  const Floats probabilities{0.2F, 0.4F, 0.4F, 0.5F, 0.0F, 0.5F, 0.0F, 0.0F, 0.0F};
  const ProbabilityRows rows(probabilities, 3);
  CHECK(rows.prediction(0) == 1);
  CHECK(rows.prediction(1) == 0);
  CHECK(rows.prediction(2) == 0);
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows.rank(i, rows.prediction(i)) == 0);
}

TEST_CASE("logarithms of probabilities are bounded", "[metrics][unit]") {
  const Floats probabilities{0.5F, 0.0F, 1.0F, -0.00005F};
  const ProbabilityRows rows(probabilities, 2);
  CHECK_THAT(rows.log_probability(0, 0), WithinAbs(std::log(0.5), 1e-15));
  CHECK_THAT(rows.log_probability(0, 1), WithinAbs(std::log(1e-12), 1e-12));
  CHECK(rows.log_probability(1, 0) == 0.0);
  CHECK_THAT(rows.log_probability(1, 1), WithinAbs(std::log(1e-12), 1e-12));
}

TEST_CASE("rows that are empty, cut short or no probabilities are refused", "[metrics][unit]") {
  CHECK_THROWS_AS(ProbabilityRows(Floats{}, 2), fer::Error);
  CHECK_THROWS_AS(ProbabilityRows(Floats{1.0F}, 0), fer::Error);
  CHECK_THROWS_AS(ProbabilityRows(Floats(7, 0.5F), 2), fer::Error);
  const float bad = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_MATCHES(
      ProbabilityRows(Floats{0.5F, 0.5F, bad, 0.5F}, 2), fer::Error,
      MessageMatches(ContainsSubstring("sample 1") && ContainsSubstring("class 0")));
}

}  // namespace
