// Sharpness-aware minimisation: gradients are taken where the loss nearby is highest.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace fer::train {

// Moves the weights by rho along their gradients (Foret et al. 2021, equation 2), or along
// gradients scaled by the weights' own size (ASAM, Kwon et al. 2021, equation 5 with T_w = |w|),
// while it lives; puts them back bit for bit, keeping the gradients that were taken meanwhile.
class SamStep {
 public:
  // The parameters' gradients must be there; they are dropped.
  SamStep(const std::vector<at::Tensor>& parameters, double rho, bool adaptive);
  ~SamStep();
  SamStep(const SamStep&) = delete;
  SamStep& operator=(const SamStep&) = delete;

 private:
  std::vector<at::Tensor> parameters_, before_;
};

}  // namespace fer::train
