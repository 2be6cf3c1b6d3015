#include "fer/nn/classifier.h"

#include <ATen/CPUGeneratorImpl.h>

namespace fer::nn {

void Classifier::seed_draws(std::uint64_t seed) {
  if (!draws_) draws_ = at::detail::createCPUGenerator(seed);
  draws_->set_current_seed(seed);
}

std::int64_t Classifier::parameter_count() const {
  std::int64_t count = 0;
  for (const at::Tensor& parameter : parameters()) count += parameter.numel();
  return count;
}

std::map<std::string, at::Tensor> named_weights(const nn::Classifier& net) {
  std::map<std::string, at::Tensor> weights;
  for (const auto& named : net.named_parameters()) weights[named.key()] = named.value();
  for (const auto& named : net.named_buffers()) weights[named.key()] = named.value();
  return weights;
}

graph::Weights weights_of(const Classifier& net) {
  graph::Weights weights;
  for (const auto& [name, tensor] : named_weights(net)) {
    graph::Tensor& own = weights[name];
    own.shape = tensor.sizes().vec();
    if (!tensor.is_floating_point()) continue;
    const at::Tensor dense = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    const auto* values = dense.const_data_ptr<float>();
    own.values.assign(values, values + dense.numel());
  }
  return weights;
}

}  // namespace fer::nn
