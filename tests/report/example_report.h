// A small report whose numbers are easy to follow.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/metrics/classification_report.h"

namespace fer::test {

// Truths 0 0 0 1 of two classes, taken for 0 0 1 1: accuracy 3/4, recall 2/3 and 1, precision 1 and
// 1/2.
inline metrics::ClassificationReport example_report() {
  const std::vector<float> probabilities{0.75F, 0.25F, 0.75F, 0.25F, 0.25F, 0.75F, 0.25F, 0.75F};
  const std::vector<std::int64_t> truths{0, 0, 0, 1};
  return metrics::classification_report({probabilities, truths, 2});
}

}  // namespace fer::test
