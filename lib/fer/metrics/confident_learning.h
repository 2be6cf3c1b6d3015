// Finds labels that are probably wrong, from the predictions of models that were trained without
// the image: confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating
// Uncertainty in Dataset Labels").
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fer::metrics {

struct SuspectLabel {
  std::size_t row = 0;
  std::size_t label = 0;      // as given
  std::size_t suggested = 0;  // the class it is confidently counted for instead
  double probability_of_label = 0.0;
  double probability_of_suggested = 0.0;

  // In [-1, 1]; the lower it is, the more certainly the label is wrong.
  double margin() const { return probability_of_label - probability_of_suggested; }
};

struct ConfidentLearning {
  // [C]: the mean probability of each class over the images with that label (equation 2). For
  // classes without images it is above 1, which no probability reaches.
  std::vector<double> thresholds;
  // [C*C], row-major: the number of images labelled i (row) that are confidently of class j, the
  // most probable class of those that reach their threshold (equation 1). Images where no class
  // does are not counted.
  std::vector<std::int64_t> joint;
  // The images off the diagonal whose label is less probable than j: lowest margin first, equal
  // margins in row order.
  std::vector<SuspectLabel> suspects;

  std::int64_t at(std::size_t label, std::size_t meant) const {
    return joint[label * thresholds.size() + meant];
  }
};

// probabilities: [N*C] row-major, in label order; labels: [N], each below `classes`.
// @throws fer::Error where sizes disagree or a label is out of range.
ConfidentLearning confident_learning(std::span<const float> probabilities,
                                     std::span<const std::int64_t> labels, std::size_t classes);

}  // namespace fer::metrics
