// Compares two models on the same samples: whether one is better, or only lucky.
#pragma once

#include <cstdint>

#include "fer/core/random.h"
#include "fer/metrics/interval.h"
#include "fer/metrics/scored_samples.h"

namespace fer::metrics {

// How many of the samples both models, one of them, and neither got right.
struct PairedOutcomes {
  std::int64_t both = 0;
  std::int64_t only_first = 0;
  std::int64_t only_second = 0;
  std::int64_t neither = 0;

  std::int64_t total() const { return both + only_first + only_second + neither; }
  bool operator==(const PairedOutcomes&) const = default;
};

struct McNemar {
  double p = 1.0;          // of the null hypothesis that both models are equally often right
  double statistic = 0.0;  // the smaller count where exact, else chi-square
  bool exact = true;       // whether the binomial distribution was used

  bool operator==(const McNemar&) const = default;
};

// From this many samples on that only one of the models got right, chi-square replaces the exact
// test.
inline constexpr std::int64_t kChiSquareFrom = 25;

// McNemar's two-sided test (Q. McNemar, "Note on the sampling error of the difference between
// correlated proportions or percentages", 1947) on the samples that only the first model got right
// (b of them) or only the second (c). For b + c < kChiSquareFrom it is exact: twice the probability
// of min(b, c) or fewer heads in b + c throws of a coin, at most 1. Otherwise (|b - c| - 1)² / (b +
// c) is compared with the chi-square distribution of one degree of freedom (with the continuity
// correction of A. Edwards, 1948); b = c gives 0 and p = 1, as in R (statsmodels corrects even
// there and gives 1 / (b + c)). Without disagreement p is 1. @throws fer::Error for negative
// counts.
McNemar mcnemar_test(std::int64_t only_first, std::int64_t only_second);

// The 95 % percentile interval of accuracy(second) - accuracy(first) from `resamples` draws of
// total() samples with replacement, each sample with the outcome of both models (Efron and
// Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3); quantiles are interpolated
// linearly. The same stream gives the same interval.
// @throws fer::Error for negative counts, no samples and no resamples.
Interval bootstrap_difference(const PairedOutcomes& outcomes, RandomStream stream,
                              std::int64_t resamples = 10'000);

// A model compared with a second one. Compared with itself it has a difference of 0 in [0, 0] and p
// = 1.
struct PairedComparison {
  PairedOutcomes outcomes;
  double first_accuracy = 0.0;
  double second_accuracy = 0.0;
  double difference = 0.0;   // second - first: above 0 the second is better
  Interval difference_ci95;  // see bootstrap_difference
  McNemar mcnemar;
};

// Both over the same samples in the same order; the number of classes may differ.
// @throws fer::Error where the number of samples or a truth differs.
PairedComparison compare_paired(const ScoredSamples& first, const ScoredSamples& second,
                                const RandomStream& stream);

}  // namespace fer::metrics
