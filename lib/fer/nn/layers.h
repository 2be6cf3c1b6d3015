// Layers that several networks use.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include <cstdint>
#include <optional>

namespace fer::nn {

// 3x3 with padding 1, and 1x1, both without bias, because a normalisation follows.
torch::nn::Conv2d conv3x3(std::int64_t in, std::int64_t out, std::int64_t stride);
torch::nn::Conv2d conv1x1(std::int64_t in, std::int64_t out, std::int64_t stride);

// Applies a conv1x1 to x: [N,C,H,W]. Call it instead of forward(): for a strided one with fewer
// than 16 input channels, oneDNN's gradient writes past its memory where threads do not share the
// batch evenly, and so crashes or is wrong (LibTorch 2.13, AVX-512, channels-last).
at::Tensor pointwise(const at::Tensor& x, const torch::nn::Conv2d& conv);

// Halves the side after a low-pass filter of [1,2,1] x [1,2,1] (Zhang 2019, "Making Convolutional
// Networks Shift-Invariant Again", Triangle-3). x: [N,C,H,W] -> [N,C,H/2,W/2], rounded up.
at::Tensor blur_pool(const at::Tensor& x);

// The generator of draws in training; nothing: LibTorch's default generator of the device.
using Draws = std::optional<at::Generator>;

// Dropout (Srivastava et al. 2014) as in training: each value is dropped with `probability`, the
// rest scaled so that the expectation stays.
at::Tensor dropout(const at::Tensor& x, double probability, const Draws& draws);

// Stochastic depth (Huang et al. 2016): drops an image's whole branch with `probability` and scales
// the others.
at::Tensor drop_path(const at::Tensor& branch, double probability, const Draws& draws);

// Normals with variance 1 / fan-in (LeCun et al. 1998, "Efficient BackProp", equation 16); biases
// 0, normalisations 1 and 0. If a normalisation follows, the size of the weights only affects how
// fast training changes their direction; docs/recipes.md has measurements with nano.
void initialise_lecun(torch::nn::Module& net);

// Sets gamma to 0, so that a residual branch that ends in this norm starts at zero. Does nothing
// for an empty norm.
void zero_gamma(const torch::nn::BatchNorm2d& norm);

}  // namespace fer::nn
