// Batch normalisation and the ReLU behind it as one step.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>

namespace fer {

// relu(norm(x)), and norm(x). x: [N,C,H,W] of one floating dtype.
//
// In training on the CPU, with x float32 or bfloat16 and channels_last, a normalisation is four passes
// over its input, ReLU included, where LibTorch's own take nine: Ioffe and Szegedy 2015, algorithm 1,
// and its gradient, in float32 whatever the dtype. The sums are the same for any number of threads.
// Elsewhere it is LibTorch's operators.
at::Tensor norm_relu(const at::Tensor& x, torch::nn::BatchNorm2d& norm);
at::Tensor norm_only(const at::Tensor& x, torch::nn::BatchNorm2d& norm);

}  // namespace fer
