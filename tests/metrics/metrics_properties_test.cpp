// Compares scores with their definitions, computed in a slow way.
#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "fer/metrics/agreement.h"
#include "fer/metrics/calibration.h"
#include "fer/metrics/classification_report.h"
#include "fer/metrics/paired_comparison.h"
#include "fer/metrics/ranking.h"
#include "support/properties.h"

namespace fer::metrics {
namespace {

using test::for_all;

struct Samples {
  std::size_t classes = 2;
  std::vector<std::int64_t> truths;
  std::vector<float> probabilities;  // [N*C]

  std::size_t size() const { return truths.size(); }
  double p(std::size_t sample, std::size_t label) const {
    return probabilities[sample * classes + label];
  }
  bool is(std::size_t sample, std::size_t label) const {
    return truths[sample] == static_cast<std::int64_t>(label);
  }
  // The first of the largest.
  std::size_t prediction(std::size_t sample) const {
    std::size_t best = 0;
    for (std::size_t c = 1; c < classes; ++c) {
      if (p(sample, c) > p(sample, best)) best = c;
    }
    return best;
  }
  double count(const std::function<bool(std::size_t)>& holds) const {
    double found = 0.0;
    for (std::size_t i = 0; i < size(); ++i) found += holds(i) ? 1.0 : 0.0;
    return found;
  }
  ScoredSamples scored() const { return {probabilities, truths, classes}; }
};

// Few classes and coarse probabilities, so that ties, and classes without samples, are usual.
Samples any_samples() {
  Samples samples;
  samples.classes = *rc::gen::inRange<std::size_t>(2, 5);
  const auto count = *rc::gen::inRange<std::size_t>(1, 40);
  samples.truths = *rc::gen::container<std::vector<std::int64_t>>(
      count, rc::gen::inRange<std::int64_t>(0, static_cast<std::int64_t>(samples.classes)));
  for (std::size_t i = 0; i < count; ++i) {
    const auto parts =
        *rc::gen::container<std::vector<int>>(samples.classes, rc::gen::inRange(0, 6));
    const int sum = std::max(1, std::accumulate(parts.begin(), parts.end(), 0));
    for (const int part : parts) {
      samples.probabilities.push_back(static_cast<float>(part) / static_cast<float>(sum));
    }
  }
  return samples;
}

bool same(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

double ratio(double part, double whole) { return whole == 0.0 ? 0.0 : part / whole; }

TEST_CASE("Precision, recall and F1 are the ratios of counts that they are defined as",
          "[metrics][unit]") {
  for_all([] {
    const Samples s = any_samples();
    const ClassificationReport report = classification_report(s.scored());
    double recalls = 0.0, f1s = 0.0, weighted = 0.0, with_samples = 0.0, with_any = 0.0;
    for (std::size_t c = 0; c < s.classes; ++c) {
      const double support = s.count([&](std::size_t i) { return s.is(i, c); });
      const double taken = s.count([&](std::size_t i) { return s.prediction(i) == c; });
      const double right =
          s.count([&](std::size_t i) { return s.is(i, c) && s.prediction(i) == c; });
      const double f1 = ratio(2.0 * right, support + taken);
      RC_ASSERT(same(report.per_class[c].precision, ratio(right, taken)));
      RC_ASSERT(same(report.per_class[c].recall, ratio(right, support)));
      RC_ASSERT(same(report.per_class[c].f1, f1));
      recalls += ratio(right, support);
      f1s += f1;
      weighted += f1 * support;
      with_samples += support > 0.0 ? 1.0 : 0.0;
      with_any += support + taken > 0.0 ? 1.0 : 0.0;
    }
    const auto n = static_cast<double>(s.size());
    RC_ASSERT(same(report.balanced_accuracy, recalls / with_samples));
    RC_ASSERT(same(report.macro_f1, f1s / with_any));
    RC_ASSERT(same(report.weighted_f1, weighted / n));
    const double right = s.count([&](std::size_t i) { return s.is(i, s.prediction(i)); });
    RC_ASSERT(same(report.accuracy, right / n));
    RC_ASSERT((report.accuracy_ci95.low <= report.accuracy &&
               report.accuracy <= report.accuracy_ci95.high));
  });
}

TEST_CASE("Kappa is agreement beyond what the classes' shares give by chance", "[metrics][unit]") {
  for_all([] {
    const Samples s = any_samples();
    const auto n = static_cast<double>(s.size());
    double chance = 0.0;
    for (std::size_t c = 0; c < s.classes; ++c) {
      chance += s.count([&](std::size_t i) { return s.is(i, c); }) / n *
                s.count([&](std::size_t i) { return s.prediction(i) == c; }) / n;
    }
    const double agreed = s.count([&](std::size_t i) { return s.is(i, s.prediction(i)); }) / n;
    const double kappa = chance >= 1.0 ? 0.0 : (agreed - chance) / (1.0 - chance);
    RC_ASSERT(same(classification_report(s.scored()).kappa, kappa));
  });
}

TEST_CASE("ROC AUC is the share of pairs in the right order, ties counting half",
          "[metrics][unit]") {
  for_all([] {
    const Samples s = any_samples();
    for (std::size_t c = 0; c < s.classes; ++c) {
      double pairs = 0.0, right = 0.0;
      for (std::size_t i = 0; i < s.size(); ++i) {
        for (std::size_t j = 0; j < s.size(); ++j) {
          if (!s.is(i, c) || s.is(j, c)) continue;
          pairs += 1.0;
          right += s.p(i, c) > s.p(j, c) ? 1.0 : s.p(i, c) == s.p(j, c) ? 0.5 : 0.0;
        }
      }
      const auto auc = ranking_scores(s.scored(), c).roc_auc;
      RC_ASSERT(auc.has_value() == (pairs > 0.0));
      if (auc) RC_ASSERT(same(*auc, right / pairs));
    }
  });
}

TEST_CASE("Average precision is the sum of precisions at each threshold, by the recall it adds",
          "[metrics][unit]") {
  for_all([] {
    const Samples s = any_samples();
    for (std::size_t c = 0; c < s.classes; ++c) {
      const double positives = s.count([&](std::size_t i) { return s.is(i, c); });
      std::vector<double> thresholds;
      for (std::size_t i = 0; i < s.size(); ++i) thresholds.push_back(s.p(i, c));
      std::sort(thresholds.rbegin(), thresholds.rend());
      thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
      double sum = 0.0, before = 0.0;
      for (const double t : thresholds) {
        const double called = s.count([&](std::size_t i) { return s.p(i, c) >= t; });
        const double right = s.count([&](std::size_t i) { return s.p(i, c) >= t && s.is(i, c); });
        sum += (ratio(right, positives) - before) * right / called;
        before = ratio(right, positives);
      }
      const auto precision = ranking_scores(s.scored(), c).average_precision;
      RC_ASSERT(precision.has_value() == (positives > 0.0));
      if (precision) RC_ASSERT(same(*precision, sum));
    }
  });
}

TEST_CASE("Top-k accuracy counts truths that fewer than k classes beat", "[metrics][unit]") {
  for_all([] {
    const Samples s = any_samples();
    const auto k = *rc::gen::inRange<std::size_t>(1, 6);
    const double found = s.count([&](std::size_t i) {
      const auto truth = static_cast<std::size_t>(s.truths[i]);
      std::size_t better = 0;
      for (std::size_t c = 0; c < s.classes; ++c) {
        better += s.p(i, c) > s.p(i, truth) || (s.p(i, c) == s.p(i, truth) && c < truth) ? 1U : 0U;
      }
      return better < k;
    });
    RC_ASSERT(same(top_k_accuracy(s.scored(), k), found / static_cast<double>(s.size())));
  });
}

TEST_CASE("Likelihood and Brier score are means over the samples", "[metrics][unit]") {
  for_all([] {
    const Samples s = any_samples();
    double nll = 0.0, brier = 0.0;
    for (std::size_t i = 0; i < s.size(); ++i) {
      nll -= std::log(std::max(s.p(i, static_cast<std::size_t>(s.truths[i])), kProbabilityFloor));
      for (std::size_t c = 0; c < s.classes; ++c) {
        brier += std::pow(s.p(i, c) - (s.is(i, c) ? 1.0 : 0.0), 2.0);
      }
    }
    const auto n = static_cast<double>(s.size());
    RC_ASSERT(same(negative_log_likelihood(s.scored()), nll / n));
    RC_ASSERT(same(brier_score(s.scored()), brier / n));
  });
}

TEST_CASE("The calibration error is the bins' gaps, weighted by their samples", "[metrics][unit]") {
  for_all([] {
    const Samples s = any_samples();
    const auto bins = *rc::gen::inRange<std::size_t>(1, 20);
    double error = 0.0;
    for (std::size_t m = 0; m < bins; ++m) {
      double confidence = 0.0, right = 0.0;
      for (std::size_t i = 0; i < s.size(); ++i) {
        const double p = s.p(i, s.prediction(i));
        const double low = static_cast<double>(m) / static_cast<double>(bins);
        const double high = static_cast<double>(m + 1) / static_cast<double>(bins);
        if (!(p <= high && (p > low || (m == 0 && p == 0.0)))) continue;
        confidence += p;
        right += s.is(i, s.prediction(i)) ? 1.0 : 0.0;
      }
      error += std::abs(right - confidence) / static_cast<double>(s.size());
    }
    const auto made = reliability_bins(s.scored(), bins);
    RC_ASSERT(std::abs(expected_calibration_error(made) - error) < 1e-6);
    for (const Binning binning : {Binning::equal_width, Binning::equal_mass}) {
      std::int64_t count = 0;
      for (const ReliabilityBin& bin : reliability_bins(s.scored(), bins, binning))
        count += bin.count;
      RC_ASSERT(count == static_cast<std::int64_t>(s.size()));
    }
  });
}

TEST_CASE("McNemar's exact p is the binomial's, and the order of the models does not matter",
          "[metrics][unit]") {
  for_all([] {
    const auto b = *rc::gen::inRange<std::int64_t>(0, 13),
               c = *rc::gen::inRange<std::int64_t>(0, 12);
    double sum = 0.0;  // of C(n, i) for i up to the smaller
    for (std::int64_t i = 0; i <= std::min(b, c); ++i) {
      double ways = 1.0;
      for (std::int64_t j = 0; j < i; ++j) {
        ways *= static_cast<double>(b + c - j) / static_cast<double>(j + 1);
      }
      sum += ways;
    }
    const double p = std::min(1.0, 2.0 * sum / std::pow(2.0, static_cast<double>(b + c)));
    RC_ASSERT(same(mcnemar_test(b, c).p, p));
    RC_ASSERT(mcnemar_test(b, c).p == mcnemar_test(c, b).p);
  });
}

TEST_CASE("The most confused pairs are all that occur, the most frequent first",
          "[metrics][unit]") {
  for_all([] {
    const Samples s = any_samples();
    const ConfusionMatrix confusion = classification_report(s.scored()).confusion;
    const auto pairs = most_confused(confusion, 1000);
    std::int64_t wrong = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      RC_ASSERT(pairs[i].truth != pairs[i].prediction);
      RC_ASSERT((i == 0 || pairs[i - 1].count >= pairs[i].count));
      wrong += pairs[i].count;
    }
    RC_ASSERT(wrong == confusion.total() - confusion.correct());
  });
}

}  // namespace
}  // namespace fer::metrics
