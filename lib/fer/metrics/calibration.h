// Whether probabilities mean what they say.
#pragma once

#include <cstddef>

#include "fer/metrics/scored_samples.h"

namespace fer {

// Probabilities are raised to this before the logarithm, so that a sample a model ruled out costs
// 27.6 nats, not infinity.
inline constexpr double kProbabilityFloor = 1e-12;

// Mean of -ln p(truth) over the samples, in nats.
double negative_log_likelihood(const ScoredSamples& samples);

// Guo et al., "On Calibration of Modern Neural Networks", 2017, equation 3: the samples fall by
// their confidence (the largest probability) into `bins` bins of equal width, bin m of M holding
// ((m-1)/M, m/M] and the first also 0; the result is
//   Σ_m |B_m|/n · |accuracy(B_m) - mean confidence(B_m)|,
// in [0, 1], 0 being calibrated. Empty bins add nothing. @throws fer::Error for no bins.
double expected_calibration_error(const ScoredSamples& samples, std::size_t bins = 15);

}  // namespace fer
