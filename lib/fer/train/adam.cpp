#include "fer/train/adam.h"

#include <ATen/Functions.h>

#include "fer/core/error.h"

namespace fer {

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

}  // namespace

Adam::Adam(const Classifier& net) {
  for (const auto& named : net.named_parameters()) {
    names_.push_back(named.key());
    parameters_.push_back(named.value());
    // zeros_like keeps the strides, which the fused kernel needs equal to the parameter's.
    first_moments_.push_back(at::zeros_like(named.value().detach()));
    second_moments_.push_back(at::zeros_like(named.value().detach()));
    steps_.push_back(at::zeros({}, named.value().options().requires_grad(false)));
  }
}

void Adam::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  gradients.reserve(parameters_.size());
  for (const at::Tensor& parameter : parameters_) gradients.push_back(parameter.grad());
  at::_foreach_add_(steps_, 1);
  at::_fused_adam_(parameters_, gradients, first_moments_, second_moments_, /*max_exp_avg_sqs=*/{},
                   steps_, learning_rate, kBeta1, kBeta2, /*weight_decay=*/0.0, kEpsilon,
                   /*amsgrad=*/false, /*maximize=*/false);
  for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

std::map<std::string, at::Tensor> Adam::state() const {
  std::map<std::string, at::Tensor> state;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    state["first_moment/" + names_[i]] = first_moments_[i];
    state["second_moment/" + names_[i]] = second_moments_[i];
    state["step/" + names_[i]] = steps_[i];
  }
  return state;
}

void Adam::restore(const std::map<std::string, at::Tensor>& saved, const std::string& origin) {
  for (auto& [name, target] : state()) {
    const auto found = saved.find(name);
    if (found == saved.end() || found->second.sizes() != target.sizes()) {
      throw Error(origin + ": has no optimizer tensor '" + name + "' of the expected shape");
    }
    at::Tensor(target).copy_(found->second);
  }
}

}  // namespace fer
