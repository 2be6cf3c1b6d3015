// A running average of a network's weights.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "fer/nn/classifier.h"

namespace fer::train {

// average = decay * average + (1 - decay) * weights after each step (Polyak and Juditsky 1992; as
// torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn and use_buffers). The average
// starts as a copy of the weights. The running statistics of batch normalisation are averaged, too.
class WeightAverage {
 public:
  // Keeps references to the network's parameters and buffers. `decay` 0 averages nothing.
  WeightAverage(const nn::Classifier& net, double decay);

  bool on() const { return decay_ > 0.0; }
  void update();

  // Exchanges the network's weights with the average. Calling it twice restores the weights.
  void swap();

  // The state for checkpoints; it shares memory with the average. Empty without an average.
  std::map<std::string, at::Tensor> state() const;
  // @throws fer::Error that starts with `origin` where a tensor of state() is missing or misshapen.
  void restore(const std::map<std::string, at::Tensor>& state, const std::string& origin);

 private:
  // The tensors as lists, for which one kernel launch suffices.
  struct Pairs {
    std::vector<at::Tensor> averages, weights;
  };

  double decay_;
  std::map<std::string, at::Tensor> weights_, average_;
  Pairs numbers_, counts_;  // counts of batches are copied
  at::Tensor started_;      // int64 scalar on the CPU, 0 before the first update
};

// The network with averaged weights while it lives.
class AveragedWeights {
 public:
  explicit AveragedWeights(WeightAverage& average) : average_(average) { average_.swap(); }
  ~AveragedWeights() { average_.swap(); }
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;

 private:
  WeightAverage& average_;
};

}  // namespace fer::train
