// Adam, AdamW and SGD over a network's parameters, as one fused pass a step.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "fer/model/class_order.h"
#include "fer/nn/classifier.h"
#include "fer/train/optimizer_options.h"

namespace fer::train {

// The arithmetic is LibTorch's fused kernels, equal to torch.optim:
//   adam   Kingma and Ba 2015, algorithm 1, beta 0.9 and 0.999, epsilon 1e-8; decay in the gradient
//   adamw  the same with Loshchilov and Hutter's decoupled decay (2019, algorithm 2)
//   sgd    with Nesterov's momentum (Sutskever et al. 2013); decay in the gradient
// Tensors of one dimension (biases, normalisations) are never decayed.
class Optimizer {
 public:
  // Keeps references to the parameters that have gradients; their memory format must not change
  // afterwards.
  Optimizer(const nn::Classifier& net, const OptimizerOptions& options);

  // Sets the rate of the next steps. It lies on the device, where CUDA graphs read it.
  void set_learning_rate(double learning_rate);

  // One step with the current gradients, clipped if wanted, which it then drops. Never waits for
  // the device.
  void step();

  void drop_gradients();

  const std::vector<at::Tensor>& parameters() const { return parameters_; }

  // The state that a step changes besides the parameters, by name, for checkpoints; shares memory
  // with the optimizer.
  std::map<std::string, at::Tensor> state() const;

  // @throws fer::Error that starts with `origin` if a tensor of state() is missing or misshapen.
  void restore(const std::map<std::string, at::Tensor>& state, const std::string& origin);

 private:
  // Parameters with the same rate and decay, in the lists for the fused kernels.
  struct Group {
    double lr_factor, weight_decay;
    at::Tensor lr;  // float scalar on the device
    std::vector<std::string> names;
    std::vector<at::Tensor> parameters, first_moments, second_moments, steps;
  };

  Group& group_of(const std::string& name, const at::Tensor& parameter);
  void step_group(Group& group);

  OptimizerOptions options_;
  std::vector<at::Tensor> parameters_;
  std::vector<Group> groups_;
};

// Scales gradients so that their common norm is at most `largest` (Pascanu et al. 2013, as
// torch.nn.utils.clip_grad_norm_). @return the norm before, a scalar left on the device.
at::Tensor clip_gradients(const std::vector<at::Tensor>& parameters, double largest);

}  // namespace fer::train
