// Calibration: whether about 80 % of the predictions with a probability of 80 % are right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fer/metrics/interval.h"
#include "fer/metrics/scored_samples.h"

namespace fer::metrics {

// Mean of -ln p(truth) over the samples, in nats; p counts as kProbabilityFloor at least.
double negative_log_likelihood(const ScoredSamples& samples);

// Mean over the samples of Σ_c (p_c - [c is the truth])², summed over all classes as by Brier,
// "Verification of forecasts expressed in terms of probability", 1950: in [0, 2], where 0 is sure
// and right. For two classes it is twice the score that looks at one class alone.
double brier_score(const ScoredSamples& samples);

// How the bins of a reliability diagram divide the samples by their confidence, the largest
// probability of each.
enum class Binning {
  // Bin m of M holds ((m-1)/M, m/M], the first also 0 (Guo et al., "On Calibration of Modern Neural
  // Networks", 2017, section 2).
  equal_width,
  // The samples are sorted by confidence; sample r of n (from 0) falls into bin ⌊r·M/n⌋, so that
  // bins differ by one sample at most. Ties stay together, in the bin of the first of them (AdaECE
  // of Mukhoti et al., "Calibrating Deep Neural Networks using Focal Loss", 2020; adaptive binning
  // is from Nguyen and O'Connor, "Posterior calibration and exploratory analysis for natural
  // language processing models", 2015).
  equal_mass,
};

// A bar of a reliability diagram. An empty bin has count 0, confidence 0, accuracy 0 and, for equal
// mass, edges 0.
struct ReliabilityBin {
  // Confidences: the edges of the bin for equal width, the smallest and largest in it for equal
  // mass.
  double low = 0.0;
  double high = 0.0;
  std::int64_t count = 0;    // samples in it
  std::int64_t correct = 0;  // of these, predicted right
  double confidence = 0.0;   // mean of its samples
  double accuracy = 0.0;     // correct / count
  Interval accuracy_ci95;    // Wilson's interval

  bool operator==(const ReliabilityBin&) const = default;
};

// [bins], from the lowest to the highest confidence. @throws fer::Error for no bins.
std::vector<ReliabilityBin> reliability_bins(const ScoredSamples& samples, std::size_t bins = 15,
                                             Binning binning = Binning::equal_width);

// Guo et al. 2017, equation 3: with the samples in `bins`, the result is
//   Σ_m |B_m|/n · |accuracy(B_m) - mean confidence(B_m)|,
// in [0, 1], where 0 is calibrated. Empty bins add nothing.
double expected_calibration_error(const std::vector<ReliabilityBin>& bins);

}  // namespace fer::metrics
