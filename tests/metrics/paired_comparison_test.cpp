#include "fer/metrics/paired_comparison.h"

#include <cmath>
#include <vector>

#include "fer/core/error.h"
#include "metrics/reference.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using Catch::Matchers::WithinAbs;
using fer::RandomStream;
using fer::metrics::bootstrap_difference;
using fer::metrics::compare_paired;
using fer::metrics::Interval;
using fer::metrics::McNemar;
using fer::metrics::mcnemar_test;
using fer::metrics::PairedComparison;
using fer::metrics::PairedOutcomes;
using fer::metrics::ScoredSamples;
using Floats = std::vector<float>;
using Truths = std::vector<std::int64_t>;

struct Known {
  std::int64_t only_first;
  std::int64_t only_second;
  McNemar test;
};

TEST_CASE("McNemar's test equals that of statsmodels", "[metrics][unit]") {
  // statsmodels 0.15: mcnemar([[7, b], [c, 3]], exact=b + c < 25, correction=True).
  const auto known =
      GENERATE(Known{0, 0, {1.0, 0.0, true}}, Known{1, 0, {1.0, 0.0, true}},
               Known{5, 0, {0.0625, 0.0, true}}, Known{3, 9, {0.14599609375, 3.0, true}},
               Known{12, 12, {1.0, 12.0, true}}, Known{10, 14, {0.5412561893463135, 10.0, true}},
               Known{2, 22, {3.5881996154785156e-05, 2.0, true}},
               Known{25, 0, {1.5866563039511885e-06, 23.04, false}},
               Known{10, 15, {0.4237107971667936, 0.64, false}}, Known{12, 13, {1.0, 0.0, false}},
               Known{59, 6, {1.1199327149542469e-10, 41.6, false}},
               Known{101, 121, {0.20223969808664588, 1.6261261261261262, false}},
               Known{1000, 1300, {4.5298895227616383e-10, 38.87, false}});
  CAPTURE(known.only_first, known.only_second);
  const McNemar test = mcnemar_test(known.only_first, known.only_second);
  CHECK_THAT(test.p, WithinAbs(known.test.p, 1e-12 * known.test.p));
  CHECK_THAT(test.statistic, WithinAbs(known.test.statistic, 1e-12));
  CHECK(test.exact == known.test.exact);
}

TEST_CASE("McNemar's test is worked out by hand", "[metrics][unit]") {
  // One head or none in four throws: 5 of 16 ways, doubled.
  CHECK(mcnemar_test(1, 3) == McNemar{0.625, 1.0, true});
  CHECK(mcnemar_test(3, 1) == McNemar{0.625, 1.0, true});
}

TEST_CASE("models that are equally often right alone do not differ", "[metrics][unit]") {
  const std::int64_t each = GENERATE(0, 1, 12, 13, 20, 1'000'000);
  CHECK(mcnemar_test(each, each).p == 1.0);
}

TEST_CASE("a lone win of many is beyond doubt but stays a probability", "[metrics][unit]") {
  CHECK(mcnemar_test(0, 24).p == std::ldexp(1.0, -23));
  CHECK(mcnemar_test(0, 1'000'000).p >= 0.0);
  CHECK(mcnemar_test(0, 1'000'000).p < 1e-300);
}

TEST_CASE("a bootstrap interval is a function of its stream", "[metrics][unit]") {
  const PairedOutcomes outcomes{100, 20, 30, 50};
  const Interval once = bootstrap_difference(outcomes, RandomStream(1), 500);
  CHECK(bootstrap_difference(outcomes, RandomStream(1), 500) == once);
  CHECK_FALSE(bootstrap_difference(outcomes, RandomStream(2), 500) == once);
}

TEST_CASE("a bootstrap interval is as wide as the normal approximation says", "[metrics][unit]") {
  // Mean 0.05; the variance of a single difference is 0.25 - 0.05².
  const PairedOutcomes outcomes{1000, 200, 300, 500};
  const Interval interval = bootstrap_difference(outcomes, RandomStream(4));
  const double spread = 1.959964 * std::sqrt((0.25 - 0.0025) / 2000.0);
  CHECK_THAT(interval.low, WithinAbs(0.05 - spread, 0.002));
  CHECK_THAT(interval.high, WithinAbs(0.05 + spread, 0.002));
}

TEST_CASE("without chance a bootstrap interval is a point", "[metrics][unit]") {
  CHECK(bootstrap_difference({5, 0, 0, 7}, RandomStream(1)) == Interval{0.0, 0.0});
  CHECK(bootstrap_difference({0, 9, 0, 0}, RandomStream(1)) == Interval{-1.0, -1.0});
  CHECK(bootstrap_difference({0, 0, 1, 0}, RandomStream(1)) == Interval{1.0, 1.0});
}

TEST_CASE("a model compared with itself has difference zero and p one", "[metrics][unit]") {
  const auto made = fer::test::random_samples({200, 7, 1.0}, RandomStream(3));
  const ScoredSamples samples(made.probabilities, made.truths, 7);
  const PairedComparison comparison = compare_paired(samples, samples, RandomStream(1));
  CHECK(comparison.difference == 0.0);
  CHECK(comparison.difference_ci95 == Interval{0.0, 0.0});
  CHECK(comparison.mcnemar == McNemar{1.0, 0.0, true});
  CHECK(comparison.first_accuracy == comparison.second_accuracy);
  CHECK(comparison.outcomes.only_first + comparison.outcomes.only_second == 0);
}

TEST_CASE("two models are compared sample by sample", "[metrics][unit]") {
  // The first says 0 0 0 1, the second 0 1 0 0, the truth is 0 1 1 0.
  const Floats first{0.9F, 0.1F, 0.9F, 0.1F, 0.9F, 0.1F, 0.1F, 0.9F};
  const Floats second{0.9F, 0.1F, 0.1F, 0.9F, 0.9F, 0.1F, 0.9F, 0.1F};
  const Truths truths{0, 1, 1, 0};
  const PairedComparison comparison = compare_paired(
      ScoredSamples(first, truths, 2), ScoredSamples(second, truths, 2), RandomStream(1));
  CHECK(comparison.outcomes == PairedOutcomes{1, 0, 2, 1});
  CHECK(comparison.first_accuracy == 0.25);
  CHECK(comparison.second_accuracy == 0.75);
  CHECK(comparison.difference == 0.5);
  CHECK(comparison.difference_ci95.low == 0.0);
  CHECK(comparison.difference_ci95.high == 1.0);
  CHECK(comparison.mcnemar == McNemar{0.5, 0.0, true});
}

TEST_CASE("models that were judged on other samples are not compared", "[metrics][unit]") {
  const Floats four{0.9F, 0.1F, 0.9F, 0.1F};
  const Floats two{0.9F, 0.1F};
  const Truths truths{0, 1};
  const Truths others{0, 0};
  const Truths one{0};
  const ScoredSamples samples(four, truths, 2);
  CHECK_THROWS_AS(compare_paired(samples, ScoredSamples(two, one, 2), RandomStream(1)), fer::Error);
  CHECK_THROWS_MATCHES(compare_paired(samples, ScoredSamples(four, others, 2), RandomStream(1)),
                       fer::Error, MessageMatches(ContainsSubstring("sample 1")));
}

TEST_CASE("impossible comparisons are refused", "[metrics][unit]") {
  CHECK_THROWS_AS(mcnemar_test(-1, 3), fer::Error);
  CHECK_THROWS_AS(bootstrap_difference({1, -1, 0, 0}, RandomStream(1)), fer::Error);
  CHECK_THROWS_AS(bootstrap_difference({}, RandomStream(1)), fer::Error);
  CHECK_THROWS_AS(bootstrap_difference({1, 1, 1, 1}, RandomStream(1), 0), fer::Error);
}

TEST_CASE("McNemar's test equals SciPy's distributions for all counts", "[metrics][integration]") {
  FER_NEED_PYTHON("numpy", "scipy", "sklearn");
  std::vector<McNemar> tests;
  nlohmann::json jobs = nlohmann::json::array();
  for (std::int64_t b = 0; b < 40; b += 3) {
    for (std::int64_t c = 0; c < 40; ++c) {
      tests.push_back(mcnemar_test(b, c));
      jobs.push_back({{"kind", "mcnemar"}, {"only_first", b}, {"only_second", c}});
    }
  }
  const nlohmann::json results = fer::test::python_results(jobs);
  for (std::size_t i = 0; i < tests.size(); ++i) {
    CAPTURE(jobs[i].dump());
    const double expected = results[i]["p"];
    CHECK_THAT(tests[i].p, WithinAbs(expected, 1e-12 * expected));
  }
}

TEST_CASE("bootstrap intervals equal NumPy's within the error of resampling",
          "[metrics][integration]") {
  FER_NEED_PYTHON("numpy", "scipy", "sklearn");
  const std::vector<PairedOutcomes> cases = {
      {2000, 150, 220, 1219}, {300, 40, 10, 150}, {3000, 3, 0, 500}};
  nlohmann::json jobs = nlohmann::json::array();
  for (const PairedOutcomes& outcomes : cases) {
    jobs.push_back({{"kind", "bootstrap"},
                    {"both", outcomes.both},
                    {"only_first", outcomes.only_first},
                    {"only_second", outcomes.only_second},
                    {"neither", outcomes.neither}});
  }
  const nlohmann::json results = fer::test::python_results(jobs);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    const Interval interval = bootstrap_difference(cases[i], RandomStream(9));
    const double width = interval.high - interval.low;
    CHECK_THAT(interval.low, WithinAbs(results[i]["low"].get<double>(), 0.04 * width));
    CHECK_THAT(interval.high, WithinAbs(results[i]["high"].get<double>(), 0.04 * width));
  }
}

}  // namespace
