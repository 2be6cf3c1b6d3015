#include "fer/metrics/paired_comparison.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "fer/core/error.h"

namespace fer::metrics {

namespace {

void check_counts(std::int64_t smallest) {
  if (smallest >= 0) return;
  throw Error("comparison of two models: " + std::to_string(smallest) +
              " samples; allowed are 0 and more");
}

// The chance of at most `most` heads in `throws` throws of a fair coin.
double binomial_tail(std::int64_t most, std::int64_t throws) {
  double chance = std::ldexp(1.0, static_cast<int>(-throws));  // of exactly `heads`
  double sum = chance;
  for (std::int64_t heads = 1; heads <= most; ++heads) {
    chance *= static_cast<double>(throws - heads + 1) / static_cast<double>(heads);
    sum += chance;
  }
  return sum;
}

// A quantile of sorted numbers, interpolated between the two next to it.
double quantile(const std::vector<std::int64_t>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  const auto low = static_cast<double>(sorted[below]);
  const auto high = static_cast<double>(sorted[above]);
  return low + (place - static_cast<double>(below)) * (high - low);
}

PairedOutcomes outcomes_of(const ScoredSamples& first, const ScoredSamples& second) {
  if (first.size() != second.size()) {
    throw Error("models of " + std::to_string(first.size()) + " and " +
                std::to_string(second.size()) + " samples cannot be compared; needed are the same");
  }
  PairedOutcomes outcomes;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first.truth(i) != second.truth(i)) {
      throw Error("sample " + std::to_string(i) + " is of class " + std::to_string(first.truth(i)) +
                  " for the first model and " + std::to_string(second.truth(i)) +
                  " for the second; needed are the same samples in the same order");
    }
    const bool second_right = second.correct(i);
    if (first.correct(i)) {
      ++(second_right ? outcomes.both : outcomes.only_first);
    } else {
      ++(second_right ? outcomes.only_second : outcomes.neither);
    }
  }
  return outcomes;
}

}  // namespace

McNemar mcnemar_test(std::int64_t only_first, std::int64_t only_second) {
  check_counts(std::min(only_first, only_second));
  const std::int64_t smaller = std::min(only_first, only_second);
  const std::int64_t disagreements = only_first + only_second;
  if (disagreements < kChiSquareFrom) {
    return {std::min(1.0, 2.0 * binomial_tail(smaller, disagreements)),
            static_cast<double>(smaller), true};
  }
  const double excess = std::max(
      0.0, std::abs(static_cast<double>(only_first) - static_cast<double>(only_second)) - 1.0);
  const double statistic = excess * excess / static_cast<double>(disagreements);
  // Chi-square of one degree of freedom is the square of a standard normal number.
  return {std::erfc(std::sqrt(statistic / 2.0)), statistic, false};
}

Interval bootstrap_difference(const PairedOutcomes& outcomes, RandomStream stream,
                              std::int64_t resamples) {
  check_counts(
      std::min({outcomes.both, outcomes.only_first, outcomes.only_second, outcomes.neither}));
  const std::int64_t total = outcomes.total();
  if (total == 0 || resamples <= 0) {
    throw Error("bootstrap: " + std::to_string(resamples) + " resamples of " +
                std::to_string(total) + " samples; needed is at least 1 of each");
  }
  const auto n = static_cast<double>(total);
  const double second_below = static_cast<double>(outcomes.only_second) / n;
  const double first_below = static_cast<double>(outcomes.only_second + outcomes.only_first) / n;
  std::vector<std::int64_t> differences(static_cast<std::size_t>(resamples));
  for (std::int64_t& difference : differences) {
    for (std::int64_t i = 0; i < total; ++i) {
      const double drawn = stream.uniform();
      difference += drawn < second_below ? 1 : (drawn < first_below ? -1 : 0);
    }
  }
  std::sort(differences.begin(), differences.end());
  return {quantile(differences, 0.025) / n, quantile(differences, 0.975) / n};
}

PairedComparison compare_paired(const ScoredSamples& first, const ScoredSamples& second,
                                const RandomStream& stream) {
  const PairedOutcomes outcomes = outcomes_of(first, second);
  PairedComparison comparison;
  comparison.outcomes = outcomes;
  const auto n = static_cast<double>(outcomes.total());
  comparison.first_accuracy = static_cast<double>(outcomes.both + outcomes.only_first) / n;
  comparison.second_accuracy = static_cast<double>(outcomes.both + outcomes.only_second) / n;
  comparison.difference = static_cast<double>(outcomes.only_second - outcomes.only_first) / n;
  comparison.difference_ci95 = bootstrap_difference(outcomes, stream);
  comparison.mcnemar = mcnemar_test(outcomes.only_first, outcomes.only_second);
  return comparison;
}

}  // namespace fer::metrics
