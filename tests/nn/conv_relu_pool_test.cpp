#include "fer/nn/conv_relu_pool.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/utils.h>

#include <limits>
#include <string>
#include <vector>

#include "fer/nn/pool_kernels.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::nn {
namespace {

using test::largest_difference;

struct Block {
  at::Tensor faces, weight, bias;
};

Block some_block(std::int64_t in, std::int64_t out, std::int64_t side) {
  torch::manual_seed(in * 100 + out);
  return {at::randn({5, in, side, side}), at::randn({out, in, 3, 3}), at::randn({out})};
}

struct Outcome {
  at::Tensor pooled, to_faces, to_weight, to_bias;
};

// The values that `function` makes of the block, and the gradients of their sum, weighted by fixed
// random numbers.
template <typename Function>
Outcome outcome_of(const Block& block, Function function) {
  const auto leaf = [](const at::Tensor& tensor) { return tensor.detach().requires_grad_(); };
  const Block leaves{leaf(block.faces), leaf(block.weight), leaf(block.bias)};
  const at::Tensor pooled = function(leaves.faces, leaves.weight, leaves.bias);
  torch::manual_seed(9);
  const at::Tensor mixture = at::randn(pooled.sizes()).to(pooled.dtype());
  pooled.backward(mixture);
  return {pooled.detach(), leaves.faces.grad(), leaves.weight.grad(), leaves.bias.grad()};
}

void check_equal(const Outcome& ours, const Outcome& plain) {
  CHECK(ours.pooled.sizes() == plain.pooled.sizes());
  CHECK(largest_difference(ours.pooled, plain.pooled) < 1e-4);
  CHECK(largest_difference(ours.to_faces, plain.to_faces) < 1e-3);
  CHECK(largest_difference(ours.to_weight, plain.to_weight) < 1e-3);
  CHECK(largest_difference(ours.to_bias, plain.to_bias) < 1e-3);
}

TEST_CASE("A fused block has LibTorch's values and gradients, in both memory orders",
          "[nn][unit]") {
  const auto order = GENERATE(at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast);
  const auto channels = GENERATE(1, 3, 32);
  CAPTURE(channels);
  Block block = some_block(channels, 48, 12);
  block.faces = block.faces.contiguous(order);
  block.weight = block.weight.clone(order);
  check_equal(outcome_of(block, conv_relu_pool), outcome_of(block, conv_relu_pool_plain));
}

// As in training: faces have no gradient, and the one-channel block takes its own way back.
Outcome first_layer_outcome(const Block& block) {
  const at::Tensor weight = block.weight.clone().requires_grad_();
  const at::Tensor bias = block.bias.clone().requires_grad_();
  const at::Tensor pooled = conv_relu_pool(block.faces, weight, bias);
  torch::manual_seed(9);
  pooled.backward(at::randn(pooled.sizes()));
  return {pooled.detach(), {}, weight.grad(), bias.grad()};
}

TEST_CASE("The first layer's gradients are LibTorch's too", "[nn][unit]") {
  const Block block = some_block(1, 32, 8);
  const Outcome plain = outcome_of(block, conv_relu_pool_plain);
  const Outcome ours = first_layer_outcome(block);
  CHECK(plain.to_weight.abs().max().item<double>() > 1.0);
  CHECK(largest_difference(ours.to_weight, plain.to_weight) < 1e-4);
  CHECK(largest_difference(ours.to_bias, plain.to_bias) < 1e-4);
}

TEST_CASE("Of equal values in a pool the first one gets the gradient, as in LibTorch",
          "[nn][unit]") {
  Block block = some_block(16, 16, 4);
  block.weight.zero_();  // every value is its channel's bias
  block.bias.fill_(0.5);
  const Outcome ours = outcome_of(block, conv_relu_pool);
  const Outcome plain = outcome_of(block, conv_relu_pool_plain);
  CHECK(largest_difference(ours.to_weight, plain.to_weight) < 1e-5);
  CHECK(plain.to_weight.abs().max().item<double>() > 0.1);
}

TEST_CASE("A value of exactly zero passes no gradient, as in LibTorch", "[nn][unit]") {
  Block block = some_block(1, 16, 4);
  block.weight.zero_();
  block.bias.zero_();
  CHECK(outcome_of(block, conv_relu_pool).to_bias.abs().max().item<double>() == 0.0);
}

TEST_CASE("NaN comes out of a fused block wherever LibTorch lets it out", "[nn][unit]") {
  const auto channels = GENERATE(1, 4);
  Block block = some_block(channels, 16, 8);
  block.faces[2][0][3][5] = std::numeric_limits<float>::quiet_NaN();
  const at::Tensor ours = conv_relu_pool(block.faces, block.weight, block.bias).isnan();
  CHECK(ours.any().item<bool>());
  CHECK(at::equal(ours, conv_relu_pool_plain(block.faces, block.weight, block.bias).isnan()));
}

TEST_CASE("Blocks the fused pass is not made for are LibTorch's own", "[nn][unit]") {
  const auto check = [](const Block& block) {
    const Outcome ours = outcome_of(block, conv_relu_pool);
    const Outcome plain = outcome_of(block, conv_relu_pool_plain);
    CHECK(at::equal(ours.pooled, plain.pooled));
    CHECK(at::equal(ours.to_weight, plain.to_weight));
  };
  check(some_block(4, 16, 7));  // an odd side
  check(some_block(4, 10, 8));  // channels that fill no vector
  Block doubles = some_block(4, 16, 8);
  for (at::Tensor* tensor : {&doubles.faces, &doubles.weight, &doubles.bias}) {
    *tensor = tensor->to(at::kDouble);
  }
  check(doubles);
}

TEST_CASE("The first layer is the same to the last bit for any number of threads", "[nn][unit]") {
  const Block block = some_block(1, 32, 48);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const Outcome one = first_layer_outcome(block);
  at::set_num_threads(3);
  const Outcome three = first_layer_outcome(block);
  at::set_num_threads(threads);
  CHECK(at::equal(one.pooled, three.pooled));
  CHECK(at::equal(one.to_weight, three.to_weight));
  CHECK(at::equal(one.to_bias, three.to_bias));
}

TEST_CASE("Every vector width this processor runs gives the same", "[nn][unit]") {
  const PoolShape shape{6, 8, 32};
  torch::manual_seed(1);
  const at::Tensor image = at::randn({8, 10}), weight = at::randn({9, 32}), bias = at::randn({32});
  const at::Tensor gradient = at::randn({3, 4, 32});
  struct Result {
    at::Tensor pooled, route, spread, weight, bias;
  };
  const auto run = [&](const PoolKernels& kernels) {
    Result result{at::empty({3, 4, 32}), at::empty({3, 4, 32}, at::kByte), at::empty({6, 8, 32}),
                  at::empty({9, 32}), at::empty({32})};
    auto* pooled = result.pooled.data_ptr<float>();
    auto* route = result.route.data_ptr<std::uint8_t>();
    kernels.convolve(image.data_ptr<float>(), weight.data_ptr<float>(), bias.data_ptr<float>(),
                     shape, pooled, route);
    kernels.convolve_gradient(image.data_ptr<float>(), gradient.data_ptr<float>(), route, shape,
                              result.weight.data_ptr<float>(), result.bias.data_ptr<float>());
    kernels.unpool(gradient.data_ptr<float>(), route, shape, result.spread.data_ptr<float>(),
                   result.bias.data_ptr<float>());
    return result;
  };
  const auto list = runnable_pool_kernels();
  const Result first = run(*list.items[0]);
  CHECK(first.route.max().item<int>() == kRouteClosed);
  CHECK(first.route.min().item<int>() == 0);
  for (int i = 1; i < list.count; ++i) {
    CAPTURE(std::string(list.items[i]->name));
    const Result other = run(*list.items[i]);
    CHECK(largest_difference(other.pooled, first.pooled) < 1e-5);
    CHECK(at::equal(other.route, first.route));
    CHECK(at::equal(other.spread, first.spread));
    CHECK(largest_difference(other.weight, first.weight) < 1e-4);
    CHECK(largest_difference(other.bias, first.bias) < 1e-4);
  }
}

}  // namespace
}  // namespace fer::nn
