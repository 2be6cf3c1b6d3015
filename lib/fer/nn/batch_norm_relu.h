// Batch normalisation and the ReLU behind it as one step.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>

namespace fer::nn {

// relu(norm(x)), and norm(x) alone. Both update the norm's running statistics as the norm itself
// does. x: [N,C,H,W], of the norm's dtype or bfloat16.
//
// In training on the CPU, with x float32 or bfloat16 and channels_last and a norm of float32, a
// normalisation is four passes over its values, ReLU and gradient included: Ioffe and Szegedy 2015,
// algorithm 1, in float32 whatever the dtype. The sums are the same for any number of threads. It
// has no second derivative. C has to be a multiple of 8, and the number of pixels even where C is
// not one of 16. Elsewhere it is LibTorch's operators.
at::Tensor batch_norm_relu(const at::Tensor& x, torch::nn::BatchNorm2d& norm);
at::Tensor batch_norm(const at::Tensor& x, torch::nn::BatchNorm2d& norm);

}  // namespace fer::nn
