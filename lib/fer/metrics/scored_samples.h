// A model's probabilities with the true classes, checked once, as input of most metrics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fer/metrics/probability_rows.h"

namespace fer::metrics {

// A view of memory that must outlive it.
class ScoredSamples : public ProbabilityRows {
 public:
  // probabilities: [N*C] row-major, a row a sample; truths: [N], class indices in [0, C).
  // @throws fer::Error as ProbabilityRows does, for sizes that do not match, and for a truth
  // outside [0, C); the message names the sample.
  ScoredSamples(std::span<const float> probabilities, std::span<const std::int64_t> truths,
                std::size_t classes);

  std::size_t truth(std::size_t sample) const { return static_cast<std::size_t>(truths_[sample]); }
  bool correct(std::size_t sample) const { return prediction(sample) == truth(sample); }

 private:
  std::span<const std::int64_t> truths_;
};

}  // namespace fer::metrics
