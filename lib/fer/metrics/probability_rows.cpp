#include "fer/metrics/probability_rows.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::metrics {

namespace {

void check_probability(float probability, std::size_t sample, std::size_t label) {
  constexpr float kSlack = ProbabilityRows::kRounding;
  if (probability >= -kSlack && probability <= 1.0F + kSlack) return;  // false for NaN
  throw Error("sample " + std::to_string(sample) + ": probability " +
              shortest(static_cast<double>(probability)) + " of class " + std::to_string(label) +
              "; allowed are 0 to 1");
}

}  // namespace

ProbabilityRows::ProbabilityRows(std::span<const float> probabilities, std::size_t classes)
    : probabilities_(probabilities), classes_(classes) {
  if (probabilities.empty() || classes == 0) {
    throw Error("there are no samples or no classes to score");
  }
  if (probabilities.size() % classes != 0) {
    throw Error(std::to_string(probabilities.size()) + " probabilities are not whole rows of " +
                std::to_string(classes) + " classes; needed is one a sample and class");
  }
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    check_probability(probabilities[i], i / classes, i % classes);
  }
}

double ProbabilityRows::probability(std::size_t sample, std::size_t label) const {
  return std::clamp(static_cast<double>(probabilities_[sample * classes_ + label]), 0.0, 1.0);
}

double ProbabilityRows::log_probability(std::size_t sample, std::size_t label) const {
  return std::log(std::max(probability(sample, label), kProbabilityFloor));
}

std::size_t ProbabilityRows::prediction(std::size_t sample) const {
  const auto all = row(sample);
  return static_cast<std::size_t>(std::max_element(all.begin(), all.end()) - all.begin());
}

std::size_t ProbabilityRows::rank(std::size_t sample, std::size_t label) const {
  const auto all = row(sample);
  std::size_t preferred = 0;
  for (std::size_t c = 0; c < classes_; ++c) {
    if (all[c] > all[label] || (all[c] == all[label] && c < label)) ++preferred;
  }
  return preferred;
}

}  // namespace fer::metrics
