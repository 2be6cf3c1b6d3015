#include "fer/train/optimizer.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "fer/core/error.h"
#include "fer/tensors/safetensors.h"
#include "fer/train/weight_average.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::train {
namespace {

using test::largest_difference;

// Only weights, in the shapes and memory orders that networks have; they compute nothing.
class BareWeights final : public nn::Classifier {
 public:
  BareWeights() {
    register_parameter("kernel",
                       at::randn({8, 4, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast));
    register_parameter("matrix", at::randn({5, 6}));
    register_parameter("bias", at::zeros({5}));
  }
  at::Tensor forward(const at::Tensor& faces) override { return faces; }
};

struct Part final : torch::nn::Module {
  Part() { register_parameter("weight", at::ones({3})); }
};

// A body and a last layer, named as in the networks of the table.
class TwoParts final : public nn::Classifier {
 public:
  TwoParts() {
    register_module("stem", std::make_shared<Part>());
    register_module("logits", std::make_shared<Part>());
  }
  at::Tensor forward(const at::Tensor& faces) override { return faces; }
};

void set_gradient(at::Tensor weight, const at::Tensor& gradient) {
  weight.mutable_grad() = at::empty_like(weight.detach()).copy_(gradient);
}

OptimizerOptions options_for(const std::string& name) {
  OptimizerOptions options;
  option_from_words("optimizer", {name}, visiting(options));
  return options;
}

void set_all_gradients(const nn::Classifier& net, double value) {
  for (const at::Tensor& weight : net.parameters()) {
    set_gradient(weight, at::full_like(weight, value));
  }
}

void step_once(const nn::Classifier& net, const OptimizerOptions& options, double learning_rate) {
  Optimizer optimizer(net, options);
  optimizer.set_learning_rate(learning_rate);
  optimizer.step();
}

constexpr std::int64_t kSteps = 50;

// Weights, and gradients for each step: noise of many orders of magnitude around a small constant.
tensors::Safetensors reference_task(const nn::Classifier& net) {
  tensors::Safetensors given;
  std::vector<float> rates;
  for (std::int64_t i = 0; i < kSteps; ++i) rates.push_back(i < 25 ? 1e-3F : 5e-4F);
  given.tensors["lr"] = at::tensor(rates);
  for (const auto& named : net.named_parameters()) {
    given.tensors["weight/" + named.key()] = named.value().detach().clone();
    std::vector<std::int64_t> shape = named.value().sizes().vec();
    shape.insert(shape.begin(), kSteps);
    given.tensors["gradients/" + named.key()] =
        at::randn(shape) * at::exp(at::randn(shape) * 3.0) + 0.1;
  }
  return given;
}

TEST_CASE("50 steps of each optimizer, and their average, equal PyTorch's",
          "[train][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  struct Case {
    const char* name;
    double decay, momentum, clip;
  };
  for (const Case& c :
       {Case{"adam", 0.0, 0.9, 0.0}, Case{"adam", 0.1, 0.9, 0.0}, Case{"adamw", 0.1, 0.9, 0.0},
        Case{"sgd", 0.0, 0.9, 0.0}, Case{"sgd", 0.05, 0.8, 1.5}, Case{"sgd", 0.0, 0.0, 0.0}}) {
    CAPTURE(c.name, c.decay, c.momentum, c.clip);
    const test::TemporaryFolder folder;
    torch::manual_seed(2);
    BareWeights net;
    const tensors::Safetensors given = reference_task(net);
    tensors::write_safetensors(folder / "in.safetensors", given);
    test::run_python("optimizer_reference.py",
                     {folder / "in.safetensors", folder / "out.safetensors", c.name,
                      std::to_string(c.decay), std::to_string(c.momentum), std::to_string(c.clip)});
    const tensors::Safetensors reference = tensors::read_safetensors(folder / "out.safetensors");
    OptimizerOptions options = options_for(c.name);
    options.weight_decay = c.decay;
    options.momentum = c.momentum;
    options.clip_grad = c.clip;
    Optimizer optimizer(net, options);
    WeightAverage average(net, 0.9);
    for (std::int64_t i = 0; i < kSteps; ++i) {
      for (const auto& named : net.named_parameters()) {
        set_gradient(named.value(), given.tensors.at("gradients/" + named.key())[i]);
      }
      optimizer.set_learning_rate(given.tensors.at("lr")[i].item<float>());
      optimizer.step();
      average.update();
    }
    const auto means = average.state();
    for (const auto& named : net.named_parameters()) {
      CAPTURE(named.key());
      const at::Tensor& before = given.tensors.at("weight/" + named.key());
      const at::Tensor& expected = reference.tensors.at("weight/" + named.key());
      const double moved = largest_difference(expected, before);
      CHECK(moved > 0.001);
      CHECK(largest_difference(named.value(), expected) < 1e-5 * std::max(moved, 1.0));
      CHECK(largest_difference(means.at(named.key()),
                               reference.tensors.at("average/" + named.key())) <
            1e-5 * std::max(moved, 1.0));
    }
  }
}

TEST_CASE("Adam's first step is the learning rate against the gradient's sign", "[train][unit]") {
  // Hand-worked: with both corrections, m = g and v = g^2, so the step is lr * g / (|g| + 1e-8).
  torch::manual_seed(1);
  BareWeights net;
  const at::Tensor bias = net.named_parameters()["bias"];
  set_all_gradients(net, 0.0);
  set_gradient(bias, at::tensor({3.0F, -0.5F, 1e-3F, -70.0F, 0.0F}));
  step_once(net, options_for("adam"), 0.01);
  CHECK(largest_difference(bias, at::tensor({-0.01F, 0.01F, -0.01F, 0.01F, 0.0F})) < 1e-6);
}

TEST_CASE("Biases are not decayed, matrices are", "[train][unit]") {
  BareWeights net;
  OptimizerOptions options = options_for("sgd");
  options.weight_decay = 0.5;
  options.momentum = 0.0;
  const auto weights = net.named_parameters();
  const at::NoGradGuard no_grad;
  for (const at::Tensor& weight : net.parameters()) weight.fill_(2.0);
  set_all_gradients(net, 0.0);
  step_once(net, options, 0.1);
  CHECK(weights["bias"].min().item<float>() == 2.0F);
  CHECK(largest_difference(weights["matrix"], at::full({5, 6}, 2.0 - 0.1 * 0.5 * 2.0)) < 1e-6);
}

TEST_CASE("The body learns slower than the last layer where that is asked for", "[train][unit]") {
  const auto net = std::make_shared<TwoParts>();
  OptimizerOptions options = options_for("sgd");
  options.momentum = 0.0;
  options.body_lr = 0.1;
  set_all_gradients(*net, 1.0);
  step_once(*net, options, 0.5);
  const auto weights = net->named_parameters();
  CHECK(weights["stem.weight"].min().item<float>() == Catch::Approx(1.0 - 0.05));
  CHECK(weights["logits.weight"].min().item<float>() == Catch::Approx(1.0 - 0.5));
}

TEST_CASE("Frozen parameters have no state and stay; with none left there is an error",
          "[train][unit]") {
  BareWeights net;
  net.named_parameters()["matrix"].requires_grad_(false);
  const at::Tensor before = net.named_parameters()["matrix"].clone();
  Optimizer optimizer(net, options_for("sgd"));
  CHECK(optimizer.state().size() == 2);
  for (const at::Tensor& weight : optimizer.parameters()) {
    set_gradient(weight, at::ones_like(weight));
  }
  optimizer.set_learning_rate(0.1);
  optimizer.step();
  CHECK(at::equal(net.named_parameters()["matrix"], before));
  for (at::Tensor& weight : net.parameters()) weight.requires_grad_(false);
  CHECK_THROWS_AS(Optimizer(net, options_for("sgd")), Error);
}

TEST_CASE("Gradients are clipped to their common norm", "[train][unit]") {
  const at::Tensor a = at::zeros({1}), b = at::zeros({1});
  set_gradient(a, at::tensor({3.0F}));
  set_gradient(b, at::tensor({4.0F}));
  CHECK(clip_gradients({a, b}, 1.0).item<double>() == Catch::Approx(5.0));
  CHECK(a.grad().item<float>() == Catch::Approx(0.6));
  CHECK(b.grad().item<float>() == Catch::Approx(0.8));
  clip_gradients({a, b}, 2.0);  // short enough already
  CHECK(a.grad().item<float>() == Catch::Approx(0.6));
}

TEST_CASE("a step takes the gradients away", "[train][unit]") {
  BareWeights net;
  set_all_gradients(net, 1.0);
  step_once(net, options_for("adam"), 0.01);
  for (const at::Tensor& weight : net.parameters()) CHECK_FALSE(weight.grad().defined());
}

TEST_CASE("An optimizer's state carries over to another one", "[train][unit]") {
  for (const char* name : {"adam", "adamw", "sgd"}) {
    CAPTURE(name);
    torch::manual_seed(1);
    BareWeights first;
    torch::manual_seed(1);
    BareWeights second;
    const auto step_with_ones = [](BareWeights& net, Optimizer& optimizer) {
      set_all_gradients(net, 1.0);
      optimizer.set_learning_rate(0.01);
      optimizer.step();
    };
    Optimizer original(first, options_for(name));
    Optimizer restored(second, options_for(name));
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
}

TEST_CASE("a state that lacks a tensor or has one of another shape is an error", "[train][unit]") {
  using Catch::Matchers::ContainsSubstring;
  using Catch::Matchers::MessageMatches;
  BareWeights net;
  Optimizer adam(net, options_for("adam"));
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
}  // namespace fer::train
