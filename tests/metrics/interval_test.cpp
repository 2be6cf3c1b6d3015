#include "fer/metrics/interval.h"

#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::Interval;
using fer::metrics::wilson_interval;

struct Reference {
  std::int64_t correct;
  std::int64_t total;
  Interval interval;
};

TEST_CASE("Wilson intervals equal SciPy's", "[metrics][unit]") {
  // binomtest(correct, total).proportion_ci(0.95, method="wilson") of SciPy 1.17, printed by
  // tests/python/metrics_reference.py.
  const auto reference = GENERATE(Reference{0, 1, {0.0, 0.7934506856227626}},
                                  Reference{1, 1, {0.20654931437723745, 1.0}},
                                  Reference{0, 10, {0.0, 0.27753279986288926}},
                                  Reference{7, 10, {0.39677814746114526, 0.892208732593699}},
                                  Reference{10, 10, {0.7224672001371109, 1.0}},
                                  Reference{2376, 3589, {0.6463815311978978, 0.6773176949799644}});
  const Interval interval = wilson_interval(reference.correct, reference.total);
  CHECK_THAT(interval.low, WithinAbs(reference.interval.low, 1e-12));
  CHECK_THAT(interval.high, WithinAbs(reference.interval.high, 1e-12));
}

TEST_CASE("an interval never leaves zero to one, however large the sample", "[metrics][unit]") {
  const std::int64_t total = GENERATE(1, 3, 1000, 1'000'000'007);
  CHECK(wilson_interval(0, total).low == 0.0);
  CHECK(wilson_interval(total, total).high == 1.0);
  CHECK(wilson_interval(total, total).low < 1.0);
  CHECK(wilson_interval(0, total).high > 0.0);
}

TEST_CASE("no samples leave the proportion unknown", "[metrics][unit]") {
  CHECK(wilson_interval(0, 0) == Interval{0.0, 1.0});
}

TEST_CASE("impossible proportions have no interval", "[metrics][unit]") {
  CHECK_THROWS_AS(wilson_interval(-1, 10), fer::Error);
  CHECK_THROWS_AS(wilson_interval(11, 10), fer::Error);
  CHECK_THROWS_AS(wilson_interval(0, -1), fer::Error);
}

}  // namespace
