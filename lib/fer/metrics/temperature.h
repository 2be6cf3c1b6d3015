// Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2):
// one number that makes probabilities less confident (above 1) or more confident (below 1) and
// changes no prediction. For logits z it is softmax(z / T). Here the logarithms of the
// probabilities take the place of the logits: the two differ by a constant in each row, which
// softmax ignores. So it also works for probabilities that never had logits, such as the mean of an
// ensemble.
#pragma once

#include <span>
#include <vector>

#include "fer/metrics/scored_samples.h"

namespace fer::metrics {

inline constexpr double kLowestTemperature = 0.05;
inline constexpr double kHighestTemperature = 20.0;

struct TemperatureFit {
  double temperature = 1.0;  // in [kLowestTemperature, kHighestTemperature]
  double nll_before = 0.0;   // of the samples it was fitted on, at a temperature of 1
  double nll_after = 0.0;    // at `temperature`; never larger
  // The likelihood would still grow beyond the bound. The samples are then too few, all right or
  // all wrong, and the temperature says little about other samples.
  bool at_bound = false;
};

// The temperature with the least mean negative log-likelihood of softmax(ln p / T), where p counts
// as kProbabilityFloor at least. The problem is convex in 1/T; Newton's method inside a bracket
// solves it, with the same result on every run. Fit on validation samples, never on those that are
// reported. If no temperature makes a difference (rows of equal probabilities), it is 1.
TemperatureFit fit_temperature(const ScoredSamples& validation);

// fit_temperature() for truths that are distributions, such as the fractions of votes: the
// likelihood is then -Σ q ln p, the cross-entropy. targets: [N*C] row-major, like `validation`;
// each row sums to 1. @throws fer::Error for sizes that do not match and a row that does not sum to
// 1 (to 0.001).
TemperatureFit fit_temperature(const ProbabilityRows& validation, std::span<const float> targets);

// softmax(ln p / temperature) of each row, where p counts as kProbabilityFloor at least: [N*C]
// row-major, rows add up to 1. A row of zeros becomes one of equal probabilities.
// @throws fer::Error unless the temperature is in [kLowestTemperature, kHighestTemperature].
std::vector<float> with_temperature(const ProbabilityRows& rows, double temperature);

}  // namespace fer::metrics
