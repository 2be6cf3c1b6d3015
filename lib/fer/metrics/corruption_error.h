// Measures how much worse a model is under noise, blur and other corruptions, each at several
// strengths.
#pragma once

#include <string>
#include <vector>

namespace fer::metrics {

// The share of wrong predictions under one corruption, weakest first: [strengths], each in [0, 1].
struct CorruptionErrors {
  std::string corruption;
  std::vector<double> errors;
};

struct CorruptionScores {
  std::vector<double> per_corruption;  // in the order given
  double mean = 0.0;                   // mean corruption error, mCE
};

// Without a baseline, the mean error of each corruption, in [0, 1].
// @throws fer::Error for no corruptions, one without strengths, and an error outside [0, 1].
CorruptionScores corruption_scores(const std::vector<CorruptionErrors>& model);

// Relative to a baseline under the same corruptions: Σ_s E_s / Σ_s E_s(baseline) for each; below 1
// the model is more robust than the baseline. ImageNet-C defines it so, with AlexNet as baseline
// (Hendrycks and Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions and
// Perturbations", 2019, section 4). Where the baseline makes no mistake it is 1 for a model that
// makes none either, infinite for others.
// @throws fer::Error as above, and where the corruptions or the numbers of strengths differ.
CorruptionScores corruption_scores(const std::vector<CorruptionErrors>& model,
                                   const std::vector<CorruptionErrors>& baseline);

}  // namespace fer::metrics
