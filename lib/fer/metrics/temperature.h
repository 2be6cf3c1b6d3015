// Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2):
// one number that makes probabilities less sure (above 1) or surer (below 1) and changes no
// prediction. It works on logits z as softmax(z / T). Here the logarithms of the probabilities
// stand for the logits: they differ from them by a constant a row, which softmax does not see. So
// do probabilities that have no logits, such as an ensemble's mean.
#pragma once

#include <vector>

#include "fer/metrics/scored_samples.h"

namespace fer {

inline constexpr double kLowestTemperature = 0.05;
inline constexpr double kHighestTemperature = 20.0;

struct TemperatureFit {
  double temperature = 1.0;  // in [kLowestTemperature, kHighestTemperature]
  double nll_before = 0.0;   // of the samples it was fitted on, at a temperature of 1
  double nll_after = 0.0;    // the same at `temperature`; never larger
  // The likelihood would still grow beyond the bound: these samples are too few, all right or all
  // wrong, and the temperature says little about others.
  bool at_bound = false;
};

// The temperature of the least mean negative log-likelihood of softmax(ln p / T), p raised to
// kProbabilityFloor: a convex problem in 1/T, solved by Newton's method inside a bracket, the same
// on every run. Fit on validation samples, never on those that are reported. Where the temperature
// makes no difference (rows of equal probabilities) it is 1.
TemperatureFit fit_temperature(const ScoredSamples& validation);

// softmax(ln p / temperature) of each row, p raised to kProbabilityFloor: [N*C] row-major, rows add
// up to 1. A row of zeros becomes one of equal probabilities.
// @throws fer::Error unless the temperature is in [kLowestTemperature, kHighestTemperature].
std::vector<float> with_temperature(const ProbabilityRows& rows, double temperature);

}  // namespace fer
