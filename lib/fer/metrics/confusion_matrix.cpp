#include "fer/metrics/confusion_matrix.h"

#include <numeric>
#include <string>

#include "fer/core/error.h"
#include "fer/core/label_set.h"

namespace fer::metrics {

namespace {

std::size_t checked_class(const char* role, std::int64_t label, std::size_t classes) {
  if (label < 0 || static_cast<std::uint64_t>(label) >= classes) {
    throw Error(std::string("confusion matrix: ") + role + " " + std::to_string(label) +
                " is not a class; with " + std::to_string(classes) +
                " classes they are numbered from 0");
  }
  return static_cast<std::size_t>(label);
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(std::size_t classes) : classes_(classes) {
  if (classes == 0 || classes > LabelSet::kMaxClasses) {
    throw Error("a confusion matrix has 1 to " + std::to_string(LabelSet::kMaxClasses) +
                " classes, not " + std::to_string(classes));
  }
  counts_.resize(classes * classes, 0);
}

void ConfusionMatrix::add(std::int64_t truth, std::int64_t prediction, std::int64_t times) {
  const std::size_t row = checked_class("truth", truth, classes_);
  const std::size_t column = checked_class("prediction", prediction, classes_);
  if (times < 0) {
    throw Error("confusion matrix: " + std::to_string(times) +
                " samples cannot be counted; allowed are 0 and more");
  }
  counts_[row * classes_ + column] += times;
}

std::int64_t ConfusionMatrix::row_sum(std::size_t truth) const {
  std::int64_t sum = 0;
  for (std::size_t prediction = 0; prediction < classes_; ++prediction) {
    sum += count(truth, prediction);
  }
  return sum;
}

std::int64_t ConfusionMatrix::column_sum(std::size_t prediction) const {
  std::int64_t sum = 0;
  for (std::size_t truth = 0; truth < classes_; ++truth) sum += count(truth, prediction);
  return sum;
}

std::int64_t ConfusionMatrix::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

std::int64_t ConfusionMatrix::correct() const {
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < classes_; ++c) sum += count(c, c);
  return sum;
}

}  // namespace fer::metrics
