#include "fer/train/adam.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>

#include "fer/core/error.h"
#include "fer/model/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using test::largest_difference;

// Weights of the shapes and orders in memory that networks have, and no network.
class BareWeights final : public Classifier {
 public:
  BareWeights() {
    register_parameter("kernel",
                       at::randn({8, 4, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast));
    register_parameter("matrix", at::randn({5, 6}));
    register_parameter("bias", at::zeros({5}));
  }
  at::Tensor forward(const at::Tensor& faces) override { return faces; }
};

void set_gradient(at::Tensor weight, const at::Tensor& gradient) {
  weight.mutable_grad() = at::empty_like(weight.detach()).copy_(gradient);
}

TEST_CASE("50 steps equal torch.optim.Adam's", "[train][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  constexpr std::int64_t kSteps = 50;
  const test::TemporaryFolder folder;
  torch::manual_seed(2);
  BareWeights net;
  Safetensors given;
  std::vector<float> rates;
  for (std::int64_t i = 0; i < kSteps; ++i) rates.push_back(i < 25 ? 1e-3F : 5e-4F);
  given.tensors["lr"] = at::tensor(rates);
  for (const auto& named : net.named_parameters()) {
    given.tensors["weight/" + named.key()] = named.value().detach().clone();
    // From noise to a signal, over several orders of magnitude.
    std::vector<std::int64_t> shape = named.value().sizes().vec();
    shape.insert(shape.begin(), kSteps);
    given.tensors["gradients/" + named.key()] =
        at::randn(shape) * at::exp(at::randn(shape) * 3.0) + 0.1;
  }
  write_safetensors(folder / "in.safetensors", given);
  test::run_python("adam_reference.py", {folder / "in.safetensors", folder / "out.safetensors"});
  const Safetensors reference = read_safetensors(folder / "out.safetensors");

  Adam adam(net);
  for (std::int64_t i = 0; i < kSteps; ++i) {
    for (const auto& named : net.named_parameters()) {
      set_gradient(named.value(), given.tensors.at("gradients/" + named.key())[i]);
    }
    adam.step(rates[static_cast<std::size_t>(i)]);
  }
  for (const auto& named : net.named_parameters()) {
    CAPTURE(named.key());
    const at::Tensor& before = given.tensors.at("weight/" + named.key());
    CHECK(largest_difference(named.value(), before) > 0.01);
    CHECK(largest_difference(named.value(), reference.tensors.at("weight/" + named.key())) < 1e-6);
  }
}

TEST_CASE("Adam's first step is the learning rate against the gradient's sign", "[train][unit]") {
  // Hand-worked: with both corrections, m = g and v = g^2, so the step is lr * g / (|g| + 1e-8).
  torch::manual_seed(1);
  BareWeights net;
  const at::Tensor bias = net.named_parameters()["bias"];
  for (const at::Tensor& weight : net.parameters()) set_gradient(weight, at::zeros_like(weight));
  set_gradient(bias, at::tensor({3.0F, -0.5F, 1e-3F, -70.0F, 0.0F}));
  Adam(net).step(0.01);
  CHECK(largest_difference(bias, at::tensor({-0.01F, 0.01F, -0.01F, 0.01F, 0.0F})) < 1e-6);
}

TEST_CASE("a step takes the gradients away", "[train][unit]") {
  BareWeights net;
  for (const at::Tensor& weight : net.parameters()) set_gradient(weight, at::ones_like(weight));
  Adam(net).step(0.01);
  for (const at::Tensor& weight : net.parameters()) CHECK_FALSE(weight.grad().defined());
}

TEST_CASE("Adam's state carries over to another optimizer", "[train][unit]") {
  torch::manual_seed(1);
  BareWeights first;
  torch::manual_seed(1);
  BareWeights second;
  const auto step_with_ones = [](BareWeights& net, Adam& adam) {
    for (const at::Tensor& weight : net.parameters()) set_gradient(weight, at::ones_like(weight));
    adam.step(0.01);
  };
  Adam original(first);
  Adam restored(second);
  for (int i = 0; i < 3; ++i) step_with_ones(first, original);
  restored.restore(original.state(), "state");
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < first.parameters().size(); ++i) {
    second.parameters()[i].copy_(first.parameters()[i]);
  }
  step_with_ones(first, original);
  step_with_ones(second, restored);
  for (std::size_t i = 0; i < first.parameters().size(); ++i) {
    CHECK(at::equal(first.parameters()[i], second.parameters()[i]));
  }
}

TEST_CASE("a state that lacks a tensor or has one of another shape is an error", "[train][unit]") {
  using Catch::Matchers::ContainsSubstring;
  using Catch::Matchers::MessageMatches;
  BareWeights net;
  Adam adam(net);
  auto state = adam.state();
  CHECK(state.size() == 9);  // two moments and a step count for each of three weights
  state["first_moment/bias"] = at::zeros({4});
  CHECK_THROWS_MATCHES(
      adam.restore(state, "some.ckpt"), Error,
      MessageMatches(ContainsSubstring("some.ckpt") && ContainsSubstring("first_moment/bias")));
  state.erase("first_moment/bias");
  CHECK_THROWS_MATCHES(adam.restore(state, "some.ckpt"), Error,
                       MessageMatches(ContainsSubstring("first_moment/bias")));
}

}  // namespace
}  // namespace fer
