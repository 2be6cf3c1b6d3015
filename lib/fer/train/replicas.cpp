#include "fer/train/replicas.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "fer/core/error.h"
#include "fer/nn/architectures.h"
#include "fer/tensors/cores.h"
#include "fer/train/freeze.h"

namespace fer::train {

namespace {

// With weights, and what is frozen of them, in common.
std::shared_ptr<nn::Classifier> copy_of(const nn::Model& model) {
  const model::ModelInfo& info = model.info;
  auto copy = nn::make_classifier(info.architecture, static_cast<std::int64_t>(info.labels.size()),
                                  info.net);
  const std::vector<at::Tensor> from = model.net->parameters(), to = copy->parameters();
  if (from.size() != to.size()) throw Error("replicas: the model's network is not what it says");
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i].sizes() != to[i].sizes()) {
      throw Error("replicas: the model's network is not what it says");
    }
    at::Tensor weight = to[i];
    weight.set_data(from[i].detach());
    weight.requires_grad_(from[i].requires_grad());
  }
  train_mode(*copy);
  return copy;
}

std::vector<torch::nn::BatchNorm2dImpl*> norms_of(const nn::Classifier& net) {
  std::vector<torch::nn::BatchNorm2dImpl*> norms;
  for (const auto& module : net.modules(/*include_self=*/false)) {
    if (auto* norm = module->as<torch::nn::BatchNorm2d>()) norms.push_back(norm);
  }
  return norms;
}

}  // namespace

std::size_t Replicas::recommended_count([[maybe_unused]] const nn::Classifier& net,
                                        [[maybe_unused]] std::size_t batches,
                                        [[maybe_unused]] int threads) {
#ifdef _OPENMP
  const auto cores = static_cast<std::size_t>(std::max(threads, 1));
  const std::size_t rounds = (batches + cores - 1) / cores;
  // A fifth of the cores' time may go idle.
  const bool busy = 4 * rounds * cores <= 5 * batches;
  const bool on_cpu = net.parameters().front().is_cpu();
  return on_cpu && busy && !net.draws_in_training() ? cores : 1;
#else
  return 1;
#endif
}

Replicas::Replicas(const nn::Model& model, std::size_t count) : nets_{model.net} {
  while (nets_.size() < count) nets_.push_back(copy_of(model));
  for (const auto& net : nets_) {
    parameters_.emplace_back();
    for (const at::Tensor& weight : net->parameters()) {
      if (weight.requires_grad()) parameters_.back().push_back(weight);
    }
    norms_.push_back(norms_of(*net));
  }
}

void Replicas::run(std::size_t batches,
                   const std::function<void(nn::Classifier&, std::size_t)>& work) {
  // Also for a last step of fewer batches, where some have nothing to do: all steps add in one order.
  const std::size_t count = nets_.size();
  if (count <= 1) {
    for (std::size_t i = 0; i < batches; ++i) work(*nets_.front(), i);
    return;
  }
  begin();
  const auto first_of = [&](std::size_t net) { return net * batches / count; };
  // LibTorch's own threads: within one, operators stay on it.
  at::parallel_for(0, static_cast<std::int64_t>(count), 1, [&](std::int64_t from, std::int64_t to) {
    tensors::use_cores(1);
    for (auto net = static_cast<std::size_t>(from); net < static_cast<std::size_t>(to); ++net) {
      for (std::size_t i = first_of(net); i < first_of(net + 1); ++i) work(*nets_[net], i);
    }
  });
  collect_gradients();
  for (std::size_t net = 1; net < count; ++net) {
    collect_statistics(net, first_of(net + 1) - first_of(net));
  }
}

// Nothing is left of a step that ended in an exception.
void Replicas::begin() {
  const at::NoGradGuard no_grad;
  before_.clear();
  for (const auto* norm : norms_.front()) {
    before_.push_back({norm->running_mean.clone(), norm->running_var.clone()});
  }
  for (std::size_t net = 1; net < nets_.size(); ++net) {
    for (at::Tensor& weight : parameters_[net]) weight.mutable_grad().reset();
    for (std::size_t i = 0; i < norms_[net].size(); ++i) {
      norms_[net][i]->running_mean.copy_(before_[i].mean);
      norms_[net][i]->running_var.copy_(before_[i].variance);
    }
  }
}

void Replicas::collect_gradients() {
  const at::NoGradGuard no_grad;
  for (std::size_t net = 1; net < nets_.size(); ++net) {
    for (std::size_t i = 0; i < parameters_[net].size(); ++i) {
      at::Tensor& gradient = parameters_[net][i].mutable_grad();
      if (!gradient.defined()) continue;
      at::Tensor& sum = parameters_.front()[i].mutable_grad();
      sum.defined() ? void(sum.add_(gradient)) : void(sum = gradient);
      gradient.reset();
    }
  }
}

// Each batch leaves (1 - momentum) of the statistics before it. So what `net` measured in its
// batches goes behind what is there as if they had come one after the other.
void Replicas::collect_statistics(std::size_t net, std::size_t batches) {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < norms_[net].size(); ++i) {
    torch::nn::BatchNorm2dImpl &all = *norms_.front()[i], &own = *norms_[net][i];
    if (!own.is_training()) continue;
    const double kept = std::pow(1.0 - *all.options.momentum(), static_cast<double>(batches));
    all.running_mean.sub_(before_[i].mean).mul_(kept).add_(own.running_mean);
    all.running_var.sub_(before_[i].variance).mul_(kept).add_(own.running_var);
    all.num_batches_tracked.add_(static_cast<std::int64_t>(batches));
  }
}

}  // namespace fer::train
