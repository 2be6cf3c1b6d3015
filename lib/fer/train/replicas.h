// Copies of a network that compute gradients side by side, a core each.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "fer/nn/model.h"
#include "fer/train/core_choice.h"

namespace fer::train {

// A small network leaves most of a processor idle: a convolution on two cores is far from twice as
// fast, and where another program keeps one core busy, each convolution waits for it. With several
// networks a core takes whole parts of a step instead. The networks share the weights; gradients
// and running statistics are each one's own until the step's end. Then gradients are summed, and
// statistics become what parts one after the other would have left (but for rounding). All sums are
// added in an order that depends on the parts alone, so that any number of threads leaves the same
// bits. The networks that run at once hold their parts' activations at once.
class Replicas {
 public:
  // How many networks share steps of `parts` parts: one for each part while their gradients take
  // little memory; 1 on a GPU.
  static std::size_t count_for(const nn::Classifier& net, std::size_t parts);

  // `count` networks, the first of which is the model's own. What is frozen in it must be so
  // already; its parameters may be changed in place from now on, not replaced. Several networks run
  // on at most `threads` threads, the caller's included. @throws fer::Error where the model's info
  // does not describe its network.
  Replicas(const nn::Model& model, std::size_t count, int threads);

  // Whether parts have a core each: only then may each network draw for itself.
  bool side_by_side() const { return nets_.size() > 1; }

  // Calls work(network, i) for every i below `parts`, neighbours on the same network, and leaves
  // the sum of their gradients and the statistics of them all in the model's own. Exceptions of
  // `work` come out here.
  void run(std::size_t parts, const std::function<void(nn::Classifier&, std::size_t)>& work);

 private:
  struct Statistics {
    at::Tensor mean, variance;
  };

  void begin();
  void share(std::size_t parts, const std::function<void(std::size_t net)>& work);
  void collect_gradients();
  void collect_statistics(std::size_t net, std::size_t parts);

  std::vector<std::shared_ptr<nn::Classifier>> nets_;
  std::vector<std::vector<at::Tensor>> parameters_;              // of each network
  std::vector<std::vector<torch::nn::BatchNorm2dImpl*>> norms_;  // of each network
  std::vector<Statistics> before_;                               // the norms', before the step
  CoreChoice cores_;
};

}  // namespace fer::train
