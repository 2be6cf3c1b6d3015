// Fits the weights of an ensemble's models: those under which validation samples are most likely.
#pragma once

#include <span>
#include <vector>

#include "fer/metrics/scored_samples.h"

namespace fer::metrics {

struct MixtureFit {
  std::vector<double> weights;  // one a model, at least 0, sum 1
  double nll_equal = 0.0;       // mean negative log-likelihood with equal weights, nats a sample
  double nll = 0.0;             // with `weights`; never larger
  double gap = 0.0;             // upper bound of nats that any other weights could gain
  int iterations = 0;
  bool converged = false;  // whether the gap is below the tolerance
};

// The weights w, at least 0 and of sum 1, that maximise the mean of ln Σ_k w_k p_k(truth), where p
// counts as kProbabilityFloor at least. The problem is concave. It is solved by
// expectation-maximisation from equal weights: w_k becomes its share in explaining the samples, the
// mean of w_k p_k / Σ_j w_j p_j (Dempster, Laird and Rubin, "Maximum Likelihood from Incomplete
// Data via the EM Algorithm", 1977, section 4.3; for the weights of models on held-out samples
// Jelinek and Mercer, "Interpolated Estimation of Markov Source Parameters from Sparse Data",
// 1980). No round makes it worse, and Cover, "An Algorithm for Maximizing Expected Log Investment
// Return", 1984, bounds what is left to gain: it stops when that is 1e-9 nats a sample, or after
// 20,000 rounds. Every run gives the same; models with the same probabilities get equal weights.
//
// models: one ScoredSamples a model, of the same samples in the same order. Fit on validation
// samples, never on those that are reported.
// @throws fer::Error for no models, and for models over different samples (other counts or truths).
MixtureFit fit_mixture_weights(std::span<const ScoredSamples> models);

}  // namespace fer::metrics
