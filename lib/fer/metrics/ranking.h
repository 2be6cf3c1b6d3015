// Measures how well a model's probabilities rank the samples of a class above all others (one class
// against the rest), and the true class of a sample above the other classes.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "fer/metrics/scored_samples.h"

namespace fer::metrics {

// Scores of one class against the rest, in [0, 1]; nothing where they are not defined.
struct RankingScores {
  // Σ_k (R_k - R_{k-1}) P_k over the thresholds k from the highest to the lowest, where P and R are
  // the precision and recall of calling positive what is at least as probable as k; not
  // interpolated (Manning, Raghavan, Schütze, "Introduction to Information Retrieval", 2008,
  // section 8.4). Nothing for a class that is absent from the truth; 1 where all samples are of the
  // class.
  std::optional<double> average_precision;

  // Area under the ROC curve: the share of pairs (a sample of the class, a sample of another class)
  // in which the first has the larger probability; ties count half (Hanley and McNeil, "The Meaning
  // and Use of the Area under a Receiver Operating Characteristic (ROC) Curve", 1982). Nothing
  // where no sample, or every sample, is of the class.
  std::optional<double> roc_auc;

  bool operator==(const RankingScores&) const = default;
};

// @throws fer::Error for a label that is not below samples.classes().
RankingScores ranking_scores(const ScoredSamples& samples, std::size_t label);

// Precision and recall if samples are called `label` from a probability of `threshold` on.
struct PrecisionRecallPoint {
  double threshold = 0.0;
  double precision = 0.0;
  double recall = 0.0;

  bool operator==(const PrecisionRecallPoint&) const = default;
};

// From the highest threshold to the lowest, so that recall rises to 1. Of several points of equal
// recall only the first and the last are kept: the others lie on the line between them. Draw the
// curve in steps: a straight line between two points would be too optimistic (Davis and Goadrich,
// "The Relationship Between Precision-Recall and ROC Curves", 2006). Empty for a class that is
// absent from the truth.
// @throws fer::Error for a label that is not below samples.classes().
std::vector<PrecisionRecallPoint> precision_recall_curve(const ScoredSamples& samples,
                                                         std::size_t label);

// The share of samples whose truth is among the k most probable classes; of equals, the first ones.
// 1 where there are no more than k classes. @throws fer::Error for a k of 0.
double top_k_accuracy(const ScoredSamples& samples, std::size_t k);

}  // namespace fer::metrics
