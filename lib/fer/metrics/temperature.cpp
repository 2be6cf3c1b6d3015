#include "fer/metrics/temperature.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer {

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

class Criterion {
 public:
  explicit Criterion(const ScoredSamples& samples)
      : samples_(samples), logits_(logits_of(samples)) {}

  Likelihood at(double sharpness) const {
    const std::size_t classes = samples_.classes();
    std::vector<double> weights(classes);
    Likelihood sum;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const std::span row(logits_.data() + i * classes, classes);
      const double log_denominator = softmax(row, sharpness, weights);
      double mean = 0.0;
      for (std::size_t c = 0; c < classes; ++c) mean += weights[c] * row[c];
      for (std::size_t c = 0; c < classes; ++c) {
        sum.curvature += weights[c] * (row[c] - mean) * (row[c] - mean);
      }
      sum.nll += log_denominator - sharpness * row[samples_.truth(i)];
      sum.slope += mean - row[samples_.truth(i)];
    }
    const auto n = static_cast<double>(samples_.size());
    return {sum.nll / n, sum.slope / n, sum.curvature / n};
  }

 private:
  const ScoredSamples& samples_;
  std::vector<double> logits_;
};

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

}  // namespace

TemperatureFit fit_temperature(const ScoredSamples& validation) {
  constexpr double kSoftest = 1.0 / kHighestTemperature;
  constexpr double kSharpest = 1.0 / kLowestTemperature;
  const Criterion criterion(validation);
  const Likelihood before = criterion.at(1.0);
  TemperatureFit fit;
  fit.nll_before = fit.nll_after = before.nll;
  if (std::abs(before.slope) <= kFlat) return fit;
  if (criterion.at(kSoftest).slope >= 0.0) {
    fit.temperature = kHighestTemperature;
    fit.at_bound = true;
  } else if (criterion.at(kSharpest).slope <= 0.0) {
    fit.temperature = kLowestTemperature;
    fit.at_bound = true;
  } else {
    fit.temperature = 1.0 / lowest_point(criterion, kSoftest, kSharpest);
  }
  fit.nll_after = std::min(before.nll, criterion.at(1.0 / fit.temperature).nll);
  return fit;
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

}  // namespace fer
