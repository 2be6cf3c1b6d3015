// Copies of a network that compute gradients side by side, a core each.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "fer/model/model_file.h"

namespace fer {

// A small network leaves most of a processor idle: a convolution on two cores is far from twice as
// fast. With as many copies as cores each core takes whole batches of a step instead. Copies share
// the weights; gradients and running statistics are each one's own until the step's end, when the
// gradients are summed and the statistics averaged.
class Replicas {
 public:
  // How many networks pay for steps of `batches` batches: 1 on a GPU, where there are far more
  // threads than batches, and of networks that draw (dropout), which would draw in any order.
  static std::size_t worth(const Classifier& net, std::size_t batches, int threads);

  // `count` networks, the first of which is the model's own. What is frozen in it must be so already.
  Replicas(const Model& model, std::size_t count);

  // Calls work(network, i) for every i below `batches`, neighbours on the same network, and leaves in
  // the model's own what they did together. Exceptions of `work` come out here.
  void run(std::size_t batches, const std::function<void(Classifier&, std::size_t)>& work);

 private:
  // Of the first `count` networks.
  void distribute_buffers(std::size_t count);
  void collect_gradients(std::size_t count);
  void collect_buffers(std::size_t count);

  std::vector<std::shared_ptr<Classifier>> nets_;
  std::vector<std::vector<at::Tensor>> parameters_, buffers_;  // of each network
};

}  // namespace fer
