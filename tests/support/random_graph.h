// Graphs with random weights, and random images.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "fer/graph/graph.h"

namespace fer::test {

class Numbers {
 public:
  explicit Numbers(unsigned seed = 1) : engine_(seed) {}

  std::vector<float> normal(std::int64_t count, double deviation = 1.0) {
    std::normal_distribution<double> distribution(0.0, deviation);
    std::vector<float> numbers;
    for (std::int64_t i = 0; i < count; ++i) {
      numbers.push_back(static_cast<float>(distribution(engine_)));
    }
    return numbers;
  }

 private:
  std::mt19937 engine_;
};

// The shape of a test's convolution; its weights are drawn so that values keep a magnitude of about
// 1.
struct RandomConv {
  graph::ValueId from = graph::kInput;
  std::int64_t inputs = 1, outputs = 1, kernel = 3, stride = 1, padding = 1, groups = 1;
  graph::Activation activation = graph::Activation::none;
  graph::ValueId add = graph::kNone;
};

inline graph::Conv conv_of(Numbers& numbers, const RandomConv& shape) {
  const std::int64_t row = shape.inputs / shape.groups * shape.kernel * shape.kernel;
  return {.from = shape.from,
          .add = shape.add,
          .outputs = shape.outputs,
          .kernel_height = shape.kernel,
          .kernel_width = shape.kernel,
          .stride = shape.stride,
          .padding = shape.padding,
          .groups = shape.groups,
          .weights = numbers.normal(shape.outputs * row, 1.0 / std::sqrt(double(row))),
          .bias = numbers.normal(shape.outputs, 0.3),
          .activation = shape.activation};
}

}  // namespace fer::test
