// A model's probabilities, checked once, as input of all metrics of probabilities.
#pragma once

#include <cstddef>
#include <span>

namespace fer::metrics {

// A smaller probability counts as this one in logarithms, so that a truth which the model ruled out
// costs 27.6 nats and not infinity.
inline constexpr double kProbabilityFloor = 1e-12;

// A view of memory that must outlive it. Rows need not add up to exactly one: no metric
// renormalises them. Sample and label indices are less than size() and classes().
class ProbabilityRows {
 public:
  // Probabilities may leave [0, 1] by this much through rounding; they are read as 0 or 1.
  static constexpr float kRounding = 1e-4F;

  // probabilities: [N*C] row-major, a row a sample.
  // @throws fer::Error for no samples, no classes, a row that is cut short, and a probability that
  // is NaN or outside [0, 1] beyond kRounding; the message names the sample.
  ProbabilityRows(std::span<const float> probabilities, std::size_t classes);

  std::size_t size() const { return probabilities_.size() / classes_; }
  std::size_t classes() const { return classes_; }
  double probability(std::size_t sample, std::size_t label) const;  // in [0, 1]

  // ln of the probability, which counts as kProbabilityFloor at least: in [-27.6, 0] nats.
  double log_probability(std::size_t sample, std::size_t label) const;

  // The class of the largest probability; of equals, the first.
  std::size_t prediction(std::size_t sample) const;

  // How many classes the model ranks above this one: 0 for the prediction. Of equally probable
  // classes the first ranks higher.
  std::size_t rank(std::size_t sample, std::size_t label) const;

 private:
  std::span<const float> row(std::size_t sample) const {
    return probabilities_.subspan(sample * classes_, classes_);
  }

  std::span<const float> probabilities_;
  std::size_t classes_;
};

}  // namespace fer::metrics
