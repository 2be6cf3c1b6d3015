#include "fer/train/optimizer.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "fer/core/error.h"
#include "fer/core/option_error.h"

namespace fer::train {

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

// The fused kernels go through memory linearly, so a gradient must have its parameter's strides.
at::Tensor laid_out_like(const at::Tensor& parameter, const at::Tensor& gradient) {
  if (gradient.strides() == parameter.strides() || parameter.dim() < 2) return gradient;
  return at::empty_like(parameter).copy_(gradient);
}

std::vector<at::Tensor> gradients_of(const std::vector<at::Tensor>& parameters) {
  std::vector<at::Tensor> gradients;
  gradients.reserve(parameters.size());
  for (const at::Tensor& parameter : parameters) {
    gradients.push_back(laid_out_like(parameter, parameter.grad()));
  }
  return gradients;
}

}  // namespace

at::Tensor clip_gradients(const std::vector<at::Tensor>& parameters, double largest) {
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : parameters) gradients.push_back(parameter.grad());
  const at::Tensor norm = at::stack(at::_foreach_norm(gradients)).norm();
  at::_foreach_mul_(gradients, (largest / (norm + 1e-6)).clamp_max(1.0));
  return norm;
}

Optimizer::Optimizer(const nn::Classifier& net, const OptimizerOptions& options)
    : options_(options) {
  for (const auto& named : net.named_parameters()) {
    const at::Tensor& parameter = named.value();
    if (!parameter.requires_grad()) continue;
    Group& group = group_of(named.key(), parameter);
    group.names.push_back(named.key());
    group.parameters.push_back(parameter);
    parameters_.push_back(parameter);
    if (options.optimizer == OptimizerKind::sgd && options.momentum == 0.0) continue;
    // zeros_like keeps the strides, which the fused kernels need equal to the parameter's.
    group.first_moments.push_back(at::zeros_like(parameter.detach()));
    if (options.optimizer == OptimizerKind::sgd) continue;
    group.second_moments.push_back(at::zeros_like(parameter.detach()));
    group.steps.push_back(at::zeros({}, parameter.options().requires_grad(false)));
  }
  if (parameters_.empty()) throw OptionError("freeze", "leaves no parameter to train");
}

Optimizer::Group& Optimizer::group_of(const std::string& name, const at::Tensor& parameter) {
  const double lr_factor = name.starts_with(model::kHead) ? 1.0 : options_.body_lr;
  const double decay = parameter.dim() < 2 ? 0.0 : options_.weight_decay;
  for (Group& group : groups_) {
    if (group.lr_factor == lr_factor && group.weight_decay == decay) return group;
  }
  // The fused kernels read it on the parameters' device; on a GPU in float32.
  const at::ScalarType type = parameter.device().is_cpu() ? at::kDouble : at::kFloat;
  const at::Tensor lr = at::zeros({}, parameter.options().dtype(type).requires_grad(false));
  groups_.push_back({lr_factor, decay, lr, {}, {}, {}, {}, {}});
  return groups_.back();
}

void Optimizer::set_learning_rate(double learning_rate) {
  for (Group& group : groups_) group.lr.fill_(learning_rate * group.lr_factor);
}

void Optimizer::step() {
  const at::NoGradGuard no_grad;
  if (options_.clip_grad > 0.0) clip_gradients(parameters_, options_.clip_grad);
  for (Group& group : groups_) step_group(group);
  drop_gradients();
}

void Optimizer::drop_gradients() {
  for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

void Optimizer::step_group(Group& group) {
  const std::vector<at::Tensor> gradients = gradients_of(group.parameters);
  if (options_.optimizer == OptimizerKind::sgd) {
    // A buffer of zeros without dampening equals PyTorch's first step.
    at::_fused_sgd_(group.parameters, gradients, group.first_moments, group.weight_decay,
                    options_.momentum, group.lr, /*dampening=*/0.0,
                    /*nesterov=*/options_.momentum > 0.0, /*maximize=*/false,
                    /*is_first_step=*/false);
    return;
  }
  at::_foreach_add_(group.steps, 1);
  if (options_.optimizer == OptimizerKind::adamw) {
    at::_fused_adamw_(group.parameters, gradients, group.first_moments, group.second_moments, {},
                      group.steps, group.lr, kBeta1, kBeta2, group.weight_decay, kEpsilon,
                      /*amsgrad=*/false, /*maximize=*/false);
  } else {
    at::_fused_adam_(group.parameters, gradients, group.first_moments, group.second_moments, {},
                     group.steps, group.lr, kBeta1, kBeta2, group.weight_decay, kEpsilon,
                     /*amsgrad=*/false, /*maximize=*/false);
  }
}

std::map<std::string, at::Tensor> Optimizer::state() const {
  std::map<std::string, at::Tensor> state;
  for (const Group& group : groups_) {
    for (std::size_t i = 0; i < group.names.size(); ++i) {
      if (group.first_moments.empty()) continue;
      state["first_moment/" + group.names[i]] = group.first_moments[i];
      if (group.second_moments.empty()) continue;
      state["second_moment/" + group.names[i]] = group.second_moments[i];
      state["step/" + group.names[i]] = group.steps[i];
    }
  }
  return state;
}

void Optimizer::restore(const std::map<std::string, at::Tensor>& saved, const std::string& origin) {
  for (auto& [name, target] : state()) {
    const auto found = saved.find(name);
    if (found == saved.end() || found->second.sizes() != target.sizes()) {
      throw Error(origin + ": has no optimizer tensor '" + name + "' of the expected shape");
    }
    at::Tensor(target).copy_(found->second);
  }
}

}  // namespace fer::train
