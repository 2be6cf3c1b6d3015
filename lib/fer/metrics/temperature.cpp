#include "fer/metrics/temperature.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::metrics {

namespace {

// Below this slope, in nats, a change of 1/T is lost in rounding.
constexpr double kFlat = 1e-13;

std::vector<double> logits_of(const ProbabilityRows& rows) {
  std::vector<double> logits;
  logits.reserve(rows.size() * rows.classes());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t c = 0; c < rows.classes(); ++c) logits.push_back(rows.log_probability(i, c));
  }
  return logits;
}

// softmax(sharpness * logits) into `weights`; returns ln of the denominator.
double softmax(std::span<const double> logits, double sharpness, std::span<double> weights) {
  const double largest = sharpness * *std::max_element(logits.begin(), logits.end());
  double sum = 0.0;
  for (std::size_t c = 0; c < logits.size(); ++c) {
    weights[c] = std::exp(sharpness * logits[c] - largest);
    sum += weights[c];
  }
  for (double& weight : weights) weight /= sum;
  return largest + std::log(sum);
}

// The mean negative log-likelihood and its derivatives with respect to 1/T.
struct Likelihood {
  double nll = 0.0;
  double slope = 0.0;
  double curvature = 0.0;  // a mean of variances: never negative, so the problem is convex
};

// ln p of each sample's truth, or its mean over a truth that is a distribution.
using ExpectedLogits = std::vector<double>;

class Criterion {
 public:
  Criterion(const ProbabilityRows& rows, ExpectedLogits expected)
      : classes_(rows.classes()), logits_(logits_of(rows)), expected_(std::move(expected)) {}

  Likelihood at(double sharpness) const {
    std::vector<double> weights(classes_);
    Likelihood sum;
    for (std::size_t i = 0; i < expected_.size(); ++i) {
      const std::span row(logits_.data() + i * classes_, classes_);
      const double log_denominator = softmax(row, sharpness, weights);
      double mean = 0.0;
      for (std::size_t c = 0; c < classes_; ++c) mean += weights[c] * row[c];
      for (std::size_t c = 0; c < classes_; ++c) {
        sum.curvature += weights[c] * (row[c] - mean) * (row[c] - mean);
      }
      sum.nll += log_denominator - sharpness * expected_[i];
      sum.slope += mean - expected_[i];
    }
    const auto n = static_cast<double>(expected_.size());
    return {sum.nll / n, sum.slope / n, sum.curvature / n};
  }

 private:
  std::size_t classes_;
  std::vector<double> logits_;
  ExpectedLogits expected_;
};

ExpectedLogits expected_logits(const ScoredSamples& samples) {
  ExpectedLogits expected;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    expected.push_back(samples.log_probability(i, samples.truth(i)));
  }
  return expected;
}

ExpectedLogits expected_logits(const ProbabilityRows& rows, std::span<const float> targets) {
  if (targets.size() != rows.size() * rows.classes()) {
    throw Error(std::to_string(targets.size()) + " target shares for " +
                std::to_string(rows.size()) + " rows of " + std::to_string(rows.classes()));
  }
  ExpectedLogits expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double sum = 0.0;
    double mean = 0.0;
    for (std::size_t c = 0; c < rows.classes(); ++c) {
      const double share = targets[i * rows.classes() + c];
      sum += share;
      mean += share * rows.log_probability(i, c);
    }
    if (!(std::abs(sum - 1.0) <= 1e-3)) {
      throw Error("target shares of row " + std::to_string(i) + " sum to " + shortest(sum) +
                  "; allowed: 1");
    }
    expected.push_back(mean);
  }
  return expected;
}

// The root of the slope between `low`, where it is negative, and `high`, where it is positive.
double lowest_point(const Criterion& criterion, double low, double high) {
  double sharpness = 1.0;
  for (int step = 0; step < 100; ++step) {
    const Likelihood here = criterion.at(sharpness);
    if (std::abs(here.slope) <= kFlat) break;
    (here.slope > 0.0 ? high : low) = sharpness;
    double next = sharpness - here.slope / here.curvature;
    if (!(next > low && next < high)) next = (low + high) / 2.0;  // also for NaN
    const double moved = std::abs(next - sharpness);
    sharpness = next;
    if (moved <= 1e-12 * sharpness) break;
  }
  return sharpness;
}

TemperatureFit fit(const Criterion& criterion) {
  constexpr double kSoftest = 1.0 / kHighestTemperature;
  constexpr double kSharpest = 1.0 / kLowestTemperature;
  const Likelihood before = criterion.at(1.0);
  TemperatureFit found;
  found.nll_before = found.nll_after = before.nll;
  if (std::abs(before.slope) <= kFlat) return found;
  if (criterion.at(kSoftest).slope >= 0.0) {
    found.temperature = kHighestTemperature;
    found.at_bound = true;
  } else if (criterion.at(kSharpest).slope <= 0.0) {
    found.temperature = kLowestTemperature;
    found.at_bound = true;
  } else {
    found.temperature = 1.0 / lowest_point(criterion, kSoftest, kSharpest);
  }
  found.nll_after = std::min(before.nll, criterion.at(1.0 / found.temperature).nll);
  return found;
}

}  // namespace

TemperatureFit fit_temperature(const ScoredSamples& validation) {
  return fit(Criterion(validation, expected_logits(validation)));
}

TemperatureFit fit_temperature(const ProbabilityRows& validation, std::span<const float> targets) {
  return fit(Criterion(validation, expected_logits(validation, targets)));
}

std::vector<float> with_temperature(const ProbabilityRows& rows, double temperature) {
  if (!(temperature >= kLowestTemperature && temperature <= kHighestTemperature)) {
    throw Error("temperature " + shortest(temperature) + "; allowed are " +
                shortest(kLowestTemperature) + " to " + shortest(kHighestTemperature));
  }
  const std::vector<double> logits = logits_of(rows);
  std::vector<float> scaled(logits.size());
  std::vector<double> weights(rows.classes());
  for (std::size_t start = 0; start < logits.size(); start += rows.classes()) {
    softmax(std::span(logits).subspan(start, rows.classes()), 1.0 / temperature, weights);
    for (std::size_t c = 0; c < weights.size(); ++c) {
      scaled[start + c] = static_cast<float>(weights[c]);
    }
  }
  return scaled;
}

}  // namespace fer::metrics
