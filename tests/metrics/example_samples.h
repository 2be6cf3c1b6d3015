// Invented predictions, made from integers, which tests/python/metrics_reference.py makes in the
// same way for scikit-learn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fer::test {

struct ExampleSamples {
  std::vector<float> probabilities;  // [N*C]
  std::vector<std::int64_t> truths;  // [N]
};

// Samples whose truth is `left_out` are taken out.
inline ExampleSamples example_samples(std::int64_t count, std::int64_t classes,
                                      std::int64_t left_out = -1) {
  ExampleSamples samples;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t truth = (5 * i + i / 3) % classes;
    if (truth == left_out) continue;
    std::vector<double> weights;
    double sum = 0.0;
    for (std::int64_t c = 0; c < classes; ++c) {
      const std::int64_t bonus = c == truth && i % 4 != 0 ? 20 : 0;
      weights.push_back(static_cast<double>((7 * i * i + 13 * c + 5 * i * c) % 17 + 1 + bonus));
      sum += weights.back();
    }
    for (const double weight : weights) {
      samples.probabilities.push_back(static_cast<float>(weight / sum));
    }
    samples.truths.push_back(truth);
  }
  return samples;
}

}  // namespace fer::test
