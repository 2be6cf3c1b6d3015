// Agreement of truth and prediction beyond chance, and where they disagree most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fer/metrics/confusion_matrix.h"

namespace fer::metrics {

// Cohen's kappa, (p_o - p_e) / (1 - p_e), where p_o is the share of samples on the diagonal, and
// p_e the share to expect if predictions were drawn by chance with the same class frequencies (J.
// Cohen, "A Coefficient of Agreement for Nominal Scales", 1960, equation 1). In [-1, 1]; 0 is no
// better than chance. Also 0 where there are no samples, and where all are of one class and
// predicted as it (0/0): chance explains everything then.
double cohen_kappa(const ConfusionMatrix& confusion);

// Samples of class `truth` that were taken for class `prediction`, another one.
struct ConfusedPair {
  std::size_t truth = 0;
  std::size_t prediction = 0;
  std::int64_t count = 0;
  double share = 0.0;  // of the samples of class `truth`, in (0, 1]

  bool operator==(const ConfusedPair&) const = default;
};

// At most `limit` pairs that occur, the most frequent first; of equal counts the larger share, then
// the order of the labels. A confused with B and B with A are two pairs.
std::vector<ConfusedPair> most_confused(const ConfusionMatrix& confusion, std::size_t limit = 10);

}  // namespace fer::metrics
