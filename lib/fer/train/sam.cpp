#include "fer/train/sam.h"

#include <ATen/Functions.h>

namespace fer::train {

SamStep::SamStep(const std::vector<at::Tensor>& parameters, double rho, bool adaptive)
    : parameters_(parameters) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> directions, norms;
  for (const at::Tensor& parameter : parameters_) {
    const at::Tensor gradient = parameter.grad();
    norms.push_back((adaptive ? parameter.detach().abs() * gradient : gradient).norm());
    directions.push_back(adaptive ? parameter.detach().square() * gradient : gradient);
    before_.push_back(parameter.detach().clone());
  }
  const at::Tensor scale = rho / (at::stack(norms).norm() + 1e-12);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    parameters_[i].detach().add_(directions[i] * scale);
    parameters_[i].mutable_grad().reset();
  }
}

SamStep::~SamStep() {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].detach().copy_(before_[i]);
}

}  // namespace fer::train
