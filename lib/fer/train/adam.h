// Adam over a network's parameters, as one fused pass per step.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "fer/nn/classifier.h"

namespace fer {

// Kingma and Ba 2015, algorithm 1, with beta1 0.9, beta2 0.999 and epsilon 1e-8; the arithmetic is
// LibTorch's fused kernel, equal to torch.optim.Adam.
class Adam {
 public:
  // Keeps references to the parameters; their memory format must not change afterwards.
  explicit Adam(const Classifier& net);

  // One step with the gradients that are there, which are then dropped.
  void step(double learning_rate);

  // Moments and step counts by name, for checkpoints; they share memory with the optimizer.
  std::map<std::string, at::Tensor> state() const;

  // @throws fer::Error that starts with `origin` where a tensor of state() is missing or misshapen.
  void restore(const std::map<std::string, at::Tensor>& state, const std::string& origin);

 private:
  std::vector<std::string> names_;
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_moments_;   // exponential averages of the gradient
  std::vector<at::Tensor> second_moments_;  // of its square
  std::vector<at::Tensor> steps_;           // float32 scalar each, as the fused kernel wants them
};

}  // namespace fer
