#include "fer/train/replicas.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "fer/nn/architectures.h"
#include "fer/tensors/cores.h"
#include "fer/train/freeze.h"

namespace fer {

namespace {

// With weights, and what is frozen of them, in common.
std::shared_ptr<Classifier> copy_of(const Model& model) {
  const ModelInfo& info = model.info;
  auto copy =
      make_classifier(info.architecture, static_cast<std::int64_t>(info.labels.size()), info.net);
  const std::vector<at::Tensor> from = model.net->parameters(), to = copy->parameters();
  for (std::size_t i = 0; i < from.size(); ++i) {
    at::Tensor weight = to[i];
    weight.set_data(from[i].detach());
    weight.requires_grad_(from[i].requires_grad());
  }
  train_mode(*copy);
  return copy;
}

}  // namespace

std::size_t Replicas::worth(const Classifier& net, std::size_t batches, int threads) {
  const auto cores = static_cast<std::size_t>(std::max(threads, 1));
  const bool on_cpu = net.parameters().front().is_cpu();
  if (!on_cpu || net.draws_in_training() || cores > 2 * batches) return 1;
  return std::min(batches, cores);
}

Replicas::Replicas(const Model& model, std::size_t count) : nets_{model.net} {
  while (nets_.size() < count) nets_.push_back(copy_of(model));
  for (const auto& net : nets_) {
    parameters_.emplace_back();
    for (const at::Tensor& weight : net->parameters()) {
      if (weight.requires_grad()) parameters_.back().push_back(weight);
    }
    buffers_.push_back(net->buffers());
  }
}

void Replicas::run(std::size_t batches, const std::function<void(Classifier&, std::size_t)>& work) {
  const std::size_t count = std::min(nets_.size(), batches);
  if (count <= 1) {
    for (std::size_t i = 0; i < batches; ++i) work(*nets_.front(), i);
    return;
  }
  distribute_buffers(count);
  // LibTorch's own threads: within one, operators stay on it.
  at::parallel_for(
      0, static_cast<std::int64_t>(count), 1, [&](std::int64_t first, std::int64_t end) {
        use_cores(1);
        for (auto net = static_cast<std::size_t>(first); net < static_cast<std::size_t>(end);
             ++net) {
          for (std::size_t i = net * batches / count; i < (net + 1) * batches / count; ++i) {
            work(*nets_[net], i);
          }
        }
      });
  collect_gradients(count);
  collect_buffers(count);
}

void Replicas::distribute_buffers(std::size_t count) {
  const at::NoGradGuard no_grad;
  for (std::size_t net = 1; net < count; ++net) {
    if (!buffers_[net].empty()) at::_foreach_copy_(buffers_[net], buffers_.front());
  }
}

void Replicas::collect_gradients(std::size_t count) {
  const at::NoGradGuard no_grad;
  for (std::size_t net = 1; net < count; ++net) {
    for (std::size_t i = 0; i < parameters_[net].size(); ++i) {
      at::Tensor& gradient = parameters_[net][i].mutable_grad();
      if (!gradient.defined()) continue;
      at::Tensor& sum = parameters_.front()[i].mutable_grad();
      sum.defined() ? void(sum.add_(gradient)) : void(sum = gradient);
      gradient.reset();
    }
  }
}

// Counts of batches stay as the first network has them.
void Replicas::collect_buffers(std::size_t count) {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < buffers_.front().size(); ++i) {
    at::Tensor& mean = buffers_.front()[i];
    if (!mean.is_floating_point()) continue;
    for (std::size_t net = 1; net < count; ++net) mean.add_(buffers_[net][i]);
    mean.div_(static_cast<double>(count));
  }
}

}  // namespace fer
