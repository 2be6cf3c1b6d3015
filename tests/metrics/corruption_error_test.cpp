#include "fer/metrics/corruption_error.h"

#include <cmath>
#include <limits>

#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::corruption_scores;
using fer::metrics::CorruptionErrors;
using fer::metrics::CorruptionScores;
using Errors = std::vector<CorruptionErrors>;

TEST_CASE("mean corruption error without a baseline is the mean of means", "[metrics][unit]") {
  const CorruptionScores scores =
      corruption_scores(Errors{{"noise", {0.25, 0.5, 0.75}}, {"blur", {1.0}}});
  CHECK_THAT(scores.per_corruption.at(0), WithinAbs(0.5, 1e-15));
  CHECK_THAT(scores.per_corruption.at(1), WithinAbs(1.0, 1e-15));
  CHECK_THAT(scores.mean, WithinAbs(0.75, 1e-15));
}

TEST_CASE("mean corruption error is relative to a baseline", "[metrics][unit]") {
  // (0.2 + 0.4) / (0.5 + 0.7) = 1/2 and 0.9 / 0.6 = 3/2: their mean is 1.
  const CorruptionScores scores = corruption_scores(Errors{{"noise", {0.2, 0.4}}, {"blur", {0.9}}},
                                                    Errors{{"noise", {0.5, 0.7}}, {"blur", {0.6}}});
  CHECK_THAT(scores.per_corruption.at(0), WithinAbs(0.5, 1e-15));
  CHECK_THAT(scores.per_corruption.at(1), WithinAbs(1.5, 1e-15));
  CHECK_THAT(scores.mean, WithinAbs(1.0, 1e-15));
}

TEST_CASE("a model relative to itself has a corruption error of one", "[metrics][unit]") {
  const Errors errors{{"noise", {0.0, 0.0}}, {"blur", {0.3, 0.9}}};
  CHECK(corruption_scores(errors, errors).mean == 1.0);
}

TEST_CASE("mistakes where the baseline makes none are infinitely worse", "[metrics][unit]") {
  const CorruptionScores scores =
      corruption_scores(Errors{{"noise", {0.1}}}, Errors{{"noise", {0.0}}});
  CHECK(std::isinf(scores.mean));
}

TEST_CASE("corruptions that cannot be scored are refused", "[metrics][unit]") {
  const Errors errors{{"noise", {0.1, 0.2}}};
  CHECK_THROWS_AS(corruption_scores(Errors{}), fer::Error);
  CHECK_THROWS_AS(corruption_scores(Errors{{"noise", {}}}), fer::Error);
  CHECK_THROWS_AS(corruption_scores(Errors{{"noise", {1.5}}}), fer::Error);
  CHECK_THROWS_AS(corruption_scores(Errors{{"noise", {std::nan("")}}}), fer::Error);
  CHECK_THROWS_AS(corruption_scores(errors, Errors{}), fer::Error);
  CHECK_THROWS_AS(corruption_scores(errors, Errors{{"noise", {0.1}}}), fer::Error);
  CHECK_THROWS_AS(corruption_scores(errors, Errors{{"blur", {0.1, 0.2}}}), fer::Error);
}

}  // namespace
