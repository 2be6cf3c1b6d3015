#include "fer/nn/layers.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <cmath>

#include "support/catch.h"
#include "support/models.h"

namespace fer::nn {
namespace {

TEST_CASE("Widths are scaled to multiples of eight and never to nothing", "[nn][unit]") {
  CHECK(graph::scaled_width(24, 1.0) == 24);
  CHECK(graph::scaled_width(24, 0.5) == 16);  // 12 is half-way: rounded away from zero
  CHECK(graph::scaled_width(96, 0.5) == 48);
  CHECK(graph::scaled_width(8, 0.1) == 8);
  CHECK(graph::scaled_width(64, 1.5) == 96);
}

TEST_CASE("Blurred pooling weighs its neighbourhood by 1 2 1 both ways", "[nn][unit]") {
  // Hand-worked: one bright pixel at (2, 2) of 8 x 8. Places are (0, 0), (2, 2), …: the middle
  // weighs 4/16; the next places are two pixels off, beyond the filter's reach of one.
  at::Tensor image = at::zeros({1, 1, 8, 8});
  image[0][0][2][2] = 16.0F;
  const at::Tensor pooled = blur_pool(image);
  CHECK(pooled.sizes() == at::IntArrayRef({1, 1, 4, 4}));
  CHECK(pooled[0][0][1][1].item<float>() == 4.0F);
  CHECK(pooled.sum().item<float>() == 4.0F);
  image.zero_();
  image[0][0][3][2] = 16.0F;  // between two places: 2/16 each
  const at::Tensor shared = blur_pool(image);
  CHECK(shared[0][0][2][1].item<float>() == 2.0F);
  CHECK(shared[0][0][1][1].item<float>() == 2.0F);
  // A flat image stays flat, its border too.
  CHECK(test::largest_difference(blur_pool(at::ones({1, 2, 8, 8})), at::ones({1, 2, 4, 4})) < 1e-6);
}

TEST_CASE("A dropped path is nothing for some images and scaled up for the rest", "[nn][unit]") {
  torch::manual_seed(3);
  const at::Tensor branch = at::ones({4000, 2, 1, 1});
  const at::Tensor dropped = drop_path(branch, 0.25, {});
  const at::Tensor first = dropped.select(1, 0);
  CHECK(at::equal(first, dropped.select(1, 1)));  // whole images, not elements
  const double kept = first.ne(0).to(at::kDouble).mean().item<double>();
  CHECK(std::abs(kept - 0.75) < 5 * std::sqrt(0.25 * 0.75 / 4000));
  CHECK(std::abs(first.max().item<double>() - 1.0 / 0.75) < 1e-6);
}

TEST_CASE("Dropout drops single values, as LibTorch's own does from the same generator",
          "[nn][unit]") {
  const at::Tensor x = at::arange(1, 1001, at::kFloat).reshape({10, 100});
  torch::manual_seed(3);
  const at::Tensor by_libtorch = at::dropout(x, 0.3, /*train=*/true);
  torch::manual_seed(3);
  CHECK(at::equal(dropout(x, 0.3, Draws()), by_libtorch));
  CHECK(at::equal(dropout(x, 0.3, at::detail::createCPUGenerator(3)), by_libtorch));
  CHECK_FALSE(at::equal(dropout(x, 0.3, at::detail::createCPUGenerator(4)), by_libtorch));
}

TEST_CASE("Weights start with variance one over fan-in, biases with nothing", "[nn][unit]") {
  struct Two : torch::nn::Module {
    torch::nn::Conv2d conv = register_module("conv", conv3x3(32, 64, 1));
    torch::nn::Linear linear = register_module("linear", torch::nn::Linear(400, 50));
  } two;
  torch::manual_seed(4);
  initialise_lecun(two);
  // fan-in 32 * 9 and 400; 18,432 and 20,000 draws estimate the deviation within 3 %.
  CHECK(std::abs(two.conv->weight.std().item<double>() * std::sqrt(32.0 * 9.0) - 1.0) < 0.03);
  CHECK(std::abs(two.linear->weight.std().item<double>() * std::sqrt(400.0) - 1.0) < 0.03);
  CHECK(two.linear->bias.abs().max().item<double>() == 0.0);
}

TEST_CASE("A 1x1 convolution and its gradients are the module's own, whatever the stride",
          "[nn][unit]") {
  const auto stride = GENERATE(std::int64_t{1}, std::int64_t{2}, std::int64_t{3});
  const auto side = GENERATE(std::int64_t{7}, std::int64_t{8});
  CAPTURE(stride, side);
  torch::manual_seed(5);
  torch::nn::Conv2d conv = conv1x1(8, 16, stride);
  conv->to(at::kDouble);
  const at::Tensor x = at::randn({3, 8, side, side}, at::kDouble).requires_grad_();
  const at::Tensor by_module = conv->forward(x), y = pointwise(x, conv);
  REQUIRE(y.sizes() == by_module.sizes());
  CHECK(test::largest_difference(y, by_module) < 1e-12);
  by_module.square().sum().backward();
  const at::Tensor in_x = x.grad().clone(), in_weight = conv->weight.grad().clone();
  x.mutable_grad().reset();
  conv->zero_grad();
  y.square().sum().backward();
  CHECK(test::largest_difference(x.grad(), in_x) < 1e-10);
  CHECK(test::largest_difference(conv->weight.grad(), in_weight) < 1e-10);
}

}  // namespace
}  // namespace fer::nn
