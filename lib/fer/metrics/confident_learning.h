// Which labels are probably wrong, from what models say that were trained without the image: confident
// learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset
// Labels").
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fer {

struct SuspectLabel {
  std::size_t row = 0;
  std::size_t label = 0;      // as given
  std::size_t suggested = 0;  // the class it is confidently counted for instead
  double probability_of_label = 0.0;
  double probability_of_suggested = 0.0;

  // The lower, the surer that the label is wrong; in [-1, 1].
  double margin() const { return probability_of_label - probability_of_suggested; }
};

struct ConfidentLearning {
  // [C]: the mean probability of a class over the images labelled so (equation 2); above 1, which
  // nothing reaches, for classes without images.
  std::vector<double> thresholds;
  // [C*C], row-major: images labelled i (row) that are confidently j: of the classes that reach their
  // threshold the most probable (equation 1). Images for which none does are not counted.
  std::vector<std::int64_t> joint;
  // Those off the diagonal whose label is the less probable, the lowest margin first; of equal ones in
  // row order.
  std::vector<SuspectLabel> suspects;

  std::int64_t at(std::size_t label, std::size_t meant) const {
    return joint[label * thresholds.size() + meant];
  }
};

// probabilities: [N*C] row-major, in label order; labels: [N], each below `classes`.
// @throws fer::Error where sizes disagree or a label is out of range.
ConfidentLearning confident_learning(std::span<const float> probabilities,
                                     std::span<const std::int64_t> labels, std::size_t classes);

}  // namespace fer
