// The base of every network of the table: normalised faces in, logits out.
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <map>
#include <string>

#include "fer/graph/weights.h"

namespace fer::nn {

class Classifier : public torch::nn::Module {
 public:
  // faces: float32 [N,1,48,48], normalised by the model's input spec -> logits float32 [N,C].
  virtual at::Tensor forward(const at::Tensor& faces) = 0;

  // Whether faces of another side than 48 may come in: [N,1,S,S]. Training on smaller images first
  // is faster.
  virtual bool takes_any_side() const { return false; }

  // Whether forward() draws at random in training (dropout, drop path).
  virtual bool draws_in_training() const { return false; }

  std::int64_t parameter_count() const;
};

// Parameters and buffers by name; they share memory with the network.
std::map<std::string, at::Tensor> named_weights(const Classifier& net);

// The same without LibTorch: a copy of the weights as they are now.
graph::Weights weights_of(const Classifier& net);

}  // namespace fer::nn
