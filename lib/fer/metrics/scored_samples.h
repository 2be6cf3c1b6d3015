// What every metric of probabilities takes: a model's probabilities and the truths they are judged
// by, checked once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fer {

// A view; what it points to outlives it. Rows need not add up to exactly one: no metric
// renormalises them.
class ScoredSamples {
 public:
  // Probabilities may leave [0, 1] by this much through rounding; they are read as 0 or 1.
  static constexpr float kRounding = 1e-4F;

  // probabilities: [N*C] row-major, a row a sample; truths: [N], class indices in [0, C).
  // @throws fer::Error for no samples, no classes, sizes that do not match, a truth outside [0, C),
  // and a probability that is NaN or outside [0, 1] beyond kRounding; the message names the sample.
  ScoredSamples(std::span<const float> probabilities, std::span<const std::int64_t> truths,
                std::size_t classes);

  std::size_t size() const { return truths_.size(); }
  std::size_t classes() const { return classes_; }
  std::size_t truth(std::size_t sample) const { return static_cast<std::size_t>(truths_[sample]); }
  double probability(std::size_t sample, std::size_t label) const;  // in [0, 1]

  // The class of the largest probability; of equals, the first.
  std::size_t prediction(std::size_t sample) const;

 private:
  std::span<const float> probabilities_;
  std::span<const std::int64_t> truths_;
  std::size_t classes_;
};

}  // namespace fer
