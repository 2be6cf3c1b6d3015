#include "fer/metrics/scored_samples.h"

#include <string>

#include "fer/core/error.h"

namespace fer::metrics {

ScoredSamples::ScoredSamples(std::span<const float> probabilities,
                             std::span<const std::int64_t> truths, std::size_t classes)
    : ProbabilityRows(probabilities, classes), truths_(truths) {
  if (size() != truths.size()) {
    throw Error(std::to_string(probabilities.size()) + " probabilities do not match " +
                std::to_string(truths.size()) + " truths of " + std::to_string(classes) +
                " classes; needed is one a sample and class");
  }
  for (std::size_t i = 0; i < truths.size(); ++i) {
    if (truths[i] >= 0 && static_cast<std::uint64_t>(truths[i]) < classes) continue;
    throw Error("sample " + std::to_string(i) + ": truth " + std::to_string(truths[i]) +
                " is not a class; allowed are 0 to " + std::to_string(classes - 1));
  }
}

}  // namespace fer::metrics
