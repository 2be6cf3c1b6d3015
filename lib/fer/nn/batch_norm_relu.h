// Batch normalisation and the ReLU after it in one step.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>

namespace fer::nn {

// Compute relu(norm(x)) and norm(x). Both update the norm's running statistics as its forward()
// does. x: [N,C,H,W], of the norm's dtype or bfloat16.
//
// In training on the CPU, with x float32 or bfloat16 and channels_last and a norm of float32, a
// normalisation is four passes over its values, ReLU and gradient included: Ioffe and Szegedy 2015,
// algorithm 1, in float32 whatever the dtype. The sums are the same for any number of threads. It
// has no second derivative. C must be a multiple of 8, and the number of pixels even if C is not a
// multiple of 16. In all other cases LibTorch's operators run.
at::Tensor batch_norm_relu(const at::Tensor& x, torch::nn::BatchNorm2d& norm);
at::Tensor batch_norm(const at::Tensor& x, torch::nn::BatchNorm2d& norm);

}  // namespace fer::nn
