#include "fer/metrics/scored_samples.h"

#include <algorithm>
#include <string>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

void check_truth(std::int64_t truth, std::size_t sample, std::size_t classes) {
  if (truth >= 0 && static_cast<std::uint64_t>(truth) < classes) return;
  throw Error("sample " + std::to_string(sample) + ": truth " + std::to_string(truth) +
              " is not a class; allowed are 0 to " + std::to_string(classes - 1));
}

void check_probability(float probability, std::size_t sample, std::size_t label) {
  constexpr float kSlack = ScoredSamples::kRounding;
  if (probability >= -kSlack && probability <= 1.0F + kSlack) return;  // false for NaN
  throw Error("sample " + std::to_string(sample) + ": probability " +
              shortest(static_cast<double>(probability)) + " of class " + std::to_string(label) +
              "; allowed are 0 to 1");
}

}  // namespace

ScoredSamples::ScoredSamples(std::span<const float> probabilities,
                             std::span<const std::int64_t> truths, std::size_t classes)
    : probabilities_(probabilities), truths_(truths), classes_(classes) {
  if (truths.empty() || classes == 0) throw Error("there are no samples or no classes to score");
  // Divided, not multiplied: a product of sizes could wrap around.
  if (probabilities.size() / classes != truths.size() || probabilities.size() % classes != 0) {
    throw Error(std::to_string(probabilities.size()) + " probabilities do not match " +
                std::to_string(truths.size()) + " truths of " + std::to_string(classes) +
                " classes; needed is one a sample and class");
  }
  for (std::size_t i = 0; i < truths.size(); ++i) {
    check_truth(truths[i], i, classes);
    for (std::size_t c = 0; c < classes; ++c) {
      check_probability(probabilities[i * classes + c], i, c);
    }
  }
}

double ScoredSamples::probability(std::size_t sample, std::size_t label) const {
  return std::clamp(static_cast<double>(probabilities_[sample * classes_ + label]), 0.0, 1.0);
}

std::size_t ScoredSamples::prediction(std::size_t sample) const {
  const auto row = probabilities_.subspan(sample * classes_, classes_);
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

}  // namespace fer
