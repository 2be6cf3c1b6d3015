#include "fer/nn/layers.h"

#include <ATen/Functions.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <cmath>

namespace fer::nn {

namespace nn = torch::nn;

nn::Conv2d conv3x3(std::int64_t in, std::int64_t out, std::int64_t stride) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

nn::Conv2d conv1x1(std::int64_t in, std::int64_t out, std::int64_t stride) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 1).stride(stride).bias(false));
}

at::Tensor pointwise(const at::Tensor& x, const nn::Conv2d& conv) {
  const std::int64_t stride = conv->options.stride()->at(0);
  if (stride == 1) return at::conv2d(x, conv->weight, conv->bias);
  // Selects the pixels that the stride would keep, so that the convolution needs no stride.
  const at::Tensor seen = x.slice(2, 0, x.size(2), stride).slice(3, 0, x.size(3), stride);
  return at::conv2d(seen, conv->weight, conv->bias);
}

at::Tensor blur_pool(const at::Tensor& x) {
  // Two means of two pixels make a triangle of three; pixels beyond the border do not count.
  const at::Tensor once = at::avg_pool2d(x, 2, 1, 1, /*ceil_mode=*/false,
                                         /*count_include_pad=*/false);
  return at::avg_pool2d(once, 2, 2, 0, /*ceil_mode=*/false);
}

at::Tensor dropout(const at::Tensor& x, double probability, const Draws& draws) {
  const double kept = 1.0 - probability;
  return x * at::empty_like(x).bernoulli_(kept, draws).div_(kept);
}

at::Tensor drop_path(const at::Tensor& branch, double probability, const Draws& draws) {
  const double kept = 1.0 - probability;
  const at::Tensor mask = at::empty({branch.size(0), 1, 1, 1}, branch.options());
  return branch * mask.bernoulli_(kept, draws).div_(kept);
}

void initialise_lecun(nn::Module& net) {
  const torch::NoGradGuard no_grad;
  const auto initialise = [](at::Tensor weight, at::Tensor bias) {
    const std::int64_t fan_in = weight.numel() / weight.size(0);
    nn::init::normal_(weight, 0.0, std::sqrt(1.0 / static_cast<double>(fan_in)));
    if (bias.defined()) bias.zero_();
  };
  for (const auto& module : net.modules(/*include_self=*/false)) {
    if (auto* conv = module->as<nn::Conv2d>()) initialise(conv->weight, conv->bias);
    if (auto* linear = module->as<nn::Linear>()) initialise(linear->weight, linear->bias);
  }
}

void zero_gamma(const nn::BatchNorm2d& norm) {
  if (norm.is_empty()) return;
  const torch::NoGradGuard no_grad;
  norm->weight.zero_();
}

}  // namespace fer::nn
