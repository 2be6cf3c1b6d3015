// The base class of all networks in the table: normalised faces in, logits out.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "fer/graph/weights.h"

namespace fer::nn {

class Classifier : public torch::nn::Module {
 public:
  // faces: float32 [N,channels,height,width] of the model's face format, normalised by its input
  // spec -> logits float32 [N,C].
  virtual at::Tensor forward(const at::Tensor& faces) = 0;

  // Whether faces of other sides than the model's are allowed, for training on smaller images
  // first, which is faster.
  virtual bool takes_any_side() const { return false; }

  // From now on forward() draws on the CPU (dropout, drop path in training) from the network's own
  // generator, so that the draws of networks that train side by side do not depend on their timing.
  // Before the first call it draws from LibTorch's default generator.
  void seed_draws(std::uint64_t seed);

  std::int64_t parameter_count() const;

 protected:
  const std::optional<at::Generator>& draws() const { return draws_; }

 private:
  std::optional<at::Generator> draws_;
};

// Parameters and buffers by name; they share memory with the network.
std::map<std::string, at::Tensor> named_weights(const Classifier& net);

// A copy of the current weights without LibTorch.
graph::Weights weights_of(const Classifier& net);

}  // namespace fer::nn
