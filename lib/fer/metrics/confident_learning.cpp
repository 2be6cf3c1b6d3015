#include "fer/metrics/confident_learning.h"

#include <algorithm>
#include <optional>
#include <string>

#include "fer/core/error.h"

namespace fer::metrics {

namespace {

constexpr double kNever = 2.0;

void check(std::span<const float> probabilities, std::span<const std::int64_t> labels,
           std::size_t classes) {
  if (classes == 0 || probabilities.size() != labels.size() * classes) {
    throw Error("confident learning: " + std::to_string(probabilities.size()) +
                " probabilities for " + std::to_string(labels.size()) + " labels of " +
                std::to_string(classes) + " classes");
  }
  for (const std::int64_t label : labels) {
    if (label < 0 || static_cast<std::size_t>(label) >= classes) {
      throw Error("confident learning: label " + std::to_string(label) + "; there are " +
                  std::to_string(classes) + " classes");
    }
  }
}

std::vector<double> mean_own_probability(std::span<const float> probabilities,
                                         std::span<const std::int64_t> labels,
                                         std::size_t classes) {
  std::vector<double> sums(classes, 0.0);
  std::vector<std::int64_t> counts(classes, 0);
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const auto label = static_cast<std::size_t>(labels[row]);
    sums[label] += probabilities[row * classes + label];
    ++counts[label];
  }
  for (std::size_t c = 0; c < classes; ++c) {
    sums[c] = counts[c] == 0 ? kNever : sums[c] / static_cast<double>(counts[c]);
  }
  return sums;
}

std::optional<std::size_t> confident_class(std::span<const float> row,
                                           const std::vector<double>& thresholds) {
  std::optional<std::size_t> best;
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (static_cast<double>(row[c]) >= thresholds[c] && (!best || row[c] > row[*best])) best = c;
  }
  return best;
}

}  // namespace

ConfidentLearning confident_learning(std::span<const float> probabilities,
                                     std::span<const std::int64_t> labels, std::size_t classes) {
  check(probabilities, labels, classes);
  ConfidentLearning found;
  found.thresholds = mean_own_probability(probabilities, labels, classes);
  found.joint.assign(classes * classes, 0);
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const auto own = probabilities.subspan(row * classes, classes);
    const auto meant = confident_class(own, found.thresholds);
    if (!meant) continue;
    const auto label = static_cast<std::size_t>(labels[row]);
    ++found.joint[label * classes + *meant];
    // Equation 1 skips the label's own class if that misses its threshold. There is no doubt as
    // long as it is the more probable one.
    if (own[*meant] > own[label]) {
      found.suspects.push_back({row, label, *meant, own[label], own[*meant]});
    }
  }
  std::stable_sort(found.suspects.begin(), found.suspects.end(),
                   [](const auto& a, const auto& b) { return a.margin() < b.margin(); });
  return found;
}

}  // namespace fer::metrics
