// All scores of one evaluation: what the programs print, write as JSON and draw. docs/metrics.md
// has the definitions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "fer/metrics/calibration.h"
#include "fer/metrics/confusion_matrix.h"
#include "fer/metrics/interval.h"

namespace fer::metrics {

// All in [0, 1]. Zero denominators give 0, as scikit-learn's zero_division=0 does.
struct ClassScores {
  double precision = 0.0;    // correct / predictions of this class; 0 where it was never predicted
  double recall = 0.0;       // correct / samples of this class; 0 where it has none
  double f1 = 0.0;           // 2 correct / (samples + predictions); 0 where it has neither
  std::int64_t support = 0;  // samples of this class

  // One class against the rest, see RankingScores. Empty where they are not defined, and in the
  // result of class_scores, which has no probabilities.
  std::optional<double> average_precision = std::nullopt;
  std::optional<double> roc_auc = std::nullopt;

  bool operator==(const ClassScores&) const = default;
};

struct ClassificationReport {
  std::int64_t n = 0;                    // samples
  double accuracy = 0.0;                 // correct / n
  Interval accuracy_ci95;                // Wilson's, see wilson_interval
  double top2_accuracy = 0.0;            // truth among the two most probable, see top_k_accuracy
  double balanced_accuracy = 0;          // mean recall of the classes that have samples
  double macro_f1 = 0.0;                 // mean F1 of the classes that have samples or predictions
  double weighted_f1 = 0.0;              // mean F1 weighted by support
  double kappa = 0.0;                    // see cohen_kappa
  double macro_average_precision = 0.0;  // mean of the classes that have samples
  std::optional<double> macro_roc_auc;   // mean of the classes that have it; empty if none
  double nll = 0.0;                      // nats a sample, see negative_log_likelihood
  double brier = 0.0;                    // sum over the classes, in [0, 2], see brier_score
  double ece = 0.0;                      // 15 bins of equal width, see expected_calibration_error
  double adaptive_ece = 0.0;             // 15 bins of equal mass
  std::vector<ReliabilityBin> reliability;             // the 15 bins of `ece`
  std::vector<ReliabilityBin> reliability_equal_mass;  // those of `adaptive_ece`
  std::vector<ClassScores> per_class;                  // [C], in label order
  ConfusionMatrix confusion;  // [C, C], rows are the truth; see most_confused
};

// The prediction is the class of the largest probability; of equals, the first.
ClassificationReport classification_report(const ScoredSamples& samples);

// The scores of each class that follow from decisions alone, in label order: [classes()].
std::vector<ClassScores> class_scores(const ConfusionMatrix& confusion);

}  // namespace fer::metrics
