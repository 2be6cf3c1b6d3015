// Counts of truth against prediction. Every score of decisions is computed from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fer::metrics {

// A square table of counts. Rows are the truth, columns are the prediction.
class ConfusionMatrix {
 public:
  // No classes; to be assigned later.
  ConfusionMatrix() = default;

  // All counts zero. @throws fer::Error for no classes or more than LabelSet::kMaxClasses.
  explicit ConfusionMatrix(std::size_t classes);

  // Counts one sample, or `times` equal ones. @throws fer::Error for a class outside [0, classes())
  // or negative `times`.
  void add(std::int64_t truth, std::int64_t prediction, std::int64_t times = 1);

  std::size_t classes() const { return classes_; }

  // Samples of class `truth` that were taken for class `prediction`. Class indices here and below
  // are less than classes().
  std::int64_t count(std::size_t truth, std::size_t prediction) const {
    return counts_.at(truth * classes_ + prediction);
  }

  std::int64_t row_sum(std::size_t truth) const;          // samples that are of this class
  std::int64_t column_sum(std::size_t prediction) const;  // samples taken for this class
  std::int64_t total() const;                             // all samples
  std::int64_t correct() const;                           // samples on the diagonal

  bool operator==(const ConfusionMatrix&) const = default;

 private:
  std::size_t classes_ = 0;
  std::vector<std::int64_t> counts_;  // [classes * classes], row-major
};

}  // namespace fer::metrics
