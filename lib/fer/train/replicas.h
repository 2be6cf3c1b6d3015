// Copies of a network that compute gradients side by side, a core each.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "fer/nn/model.h"

namespace fer::train {

// A small network leaves most of a processor idle: a convolution on two cores is far from twice as
// fast. With as many copies as cores each core takes whole batches of a step instead. Copies share
// the weights; gradients and running statistics are each one's own until the step's end. Then
// gradients are summed, and statistics become what batches one after the other would have left (but
// for rounding), whatever the number of copies. They hold as many batches' activations at once.
class Replicas {
 public:
  // How many networks pay for steps of `batches` batches: as many as threads where these find work
  // for most of the time; else 1, as on a GPU, of networks that draw (dropout), which would draw in
  // any order, and in builds without OpenMP.
  static std::size_t recommended_count(const nn::Classifier& net, std::size_t batches, int threads);

  // `count` networks, the first of which is the model's own. What is frozen in it must be so already;
  // its parameters may be changed in place from now on, not replaced.
  // @throws fer::Error where the model's info does not describe its network.
  Replicas(const nn::Model& model, std::size_t count);

  // Calls work(network, i) for every i below `batches`, neighbours on the same network, and leaves in
  // the model's own what they did together. Exceptions of `work` come out here.
  void run(std::size_t batches, const std::function<void(nn::Classifier&, std::size_t)>& work);

 private:
  struct Statistics {
    at::Tensor mean, variance;
  };

  void begin();
  void collect_gradients();
  void collect_statistics(std::size_t net, std::size_t batches);

  std::vector<std::shared_ptr<nn::Classifier>> nets_;
  std::vector<std::vector<at::Tensor>> parameters_;              // of each network
  std::vector<std::vector<torch::nn::BatchNorm2dImpl*>> norms_;  // of each network
  std::vector<Statistics> before_;                               // the norms', before the step
};

}  // namespace fer::train
