#include "fer/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "fer/core/error.h"

namespace fer {

double negative_log_likelihood(const ScoredSamples& samples) {
  double sum = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    sum -= std::log(std::max(samples.probability(i, samples.truth(i)), kProbabilityFloor));
  }
  return sum / static_cast<double>(samples.size());
}

double expected_calibration_error(const ScoredSamples& samples, std::size_t bins) {
  if (bins == 0) throw Error("calibration error: 0 bins; needed is at least 1");
  // |B| · (accuracy - mean confidence) of a bin is its sum of (correct - confidence).
  std::vector<double> gaps(bins, 0.0);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t prediction = samples.prediction(i);
    const double confidence = samples.probability(i, prediction);
    const double upper_bin = std::ceil(confidence * static_cast<double>(bins));
    const std::size_t bin = upper_bin < 1.0 ? 0 : static_cast<std::size_t>(upper_bin) - 1;
    gaps[bin] += (prediction == samples.truth(i) ? 1.0 : 0.0) - confidence;
  }
  double sum = 0.0;
  for (const double gap : gaps) sum += std::abs(gap);
  return sum / static_cast<double>(samples.size());
}

}  // namespace fer
