// Sharpness-aware minimisation: takes gradients at the nearby point with the highest loss.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace fer::train {

// Moves the weights by rho along their gradients (Foret et al. 2021, equation 2), or along
// gradients scaled by the weights' own size (ASAM, Kwon et al. 2021, equation 5 with T_w = |w|),
// while it lives; restores them bit for bit, and keeps the gradients that were computed meanwhile.
class SamStep {
 public:
  // The parameters must have gradients, which it drops.
  SamStep(const std::vector<at::Tensor>& parameters, double rho, bool adaptive);
  ~SamStep();
  SamStep(const SamStep&) = delete;
  SamStep& operator=(const SamStep&) = delete;

 private:
  std::vector<at::Tensor> parameters_, before_;
};

}  // namespace fer::train
