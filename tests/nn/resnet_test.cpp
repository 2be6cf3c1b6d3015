#include "fer/nn/resnet.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>
#include <string>

#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "fer/nn/model.h"
#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::nn {
namespace {

using test::largest_difference;

// A small one with every weight at random: gammas of zero would hide half of the network.
std::shared_ptr<Classifier> shaken_net(const graph::NetOptions& options) {
  torch::manual_seed(7);
  const auto net = make_resnet({.widths = {8, 16, 24}, .blocks = 2, .stem_stride = 2}, 7, options);
  const at::NoGradGuard no_grad;
  for (at::Tensor& weight : net->parameters()) {
    if (weight.dim() == 1) weight.add_(at::randn_like(weight) * 0.3);
  }
  return net;
}

graph::NetOptions style(graph::SqueezeExcitation se, graph::ShortcutKind shortcut,
                        graph::DownsampleKind downsample, graph::BlockKind block) {
  graph::NetOptions options;
  options.se = se;
  options.shortcut = shortcut;
  options.downsample = downsample;
  options.block = block;
  return options;
}

TEST_CASE("A residual network gives the logits and gradients of the same net in PyTorch",
          "[nn][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  const graph::NetOptions styles[] = {
      style(graph::SqueezeExcitation::off, graph::ShortcutKind::stride,
            graph::DownsampleKind::stride, graph::BlockKind::post),
      style(graph::SqueezeExcitation::on, graph::ShortcutKind::pool, graph::DownsampleKind::stride,
            graph::BlockKind::post),
      style(graph::SqueezeExcitation::off, graph::ShortcutKind::stride, graph::DownsampleKind::blur,
            graph::BlockKind::post),
      style(graph::SqueezeExcitation::on, graph::ShortcutKind::pool, graph::DownsampleKind::blur,
            graph::BlockKind::pre)};
  for (const graph::NetOptions& options : styles) {
    const std::string shortcut = choice_name(options.shortcut);
    const std::string downsample = choice_name(options.downsample);
    const std::string block = choice_name(options.block);
    CAPTURE(choice_name(options.se), shortcut, downsample, block);
    const test::TemporaryFolder folder;
    const auto net = shaken_net(options);
    tensors::Safetensors given{.metadata = {}, .tensors = nn::named_weights(*net)};
    const at::Tensor faces = given.tensors["faces"] = at::randn({6, 1, 32, 32});
    const at::Tensor labels = given.tensors["labels"] = at::randint(7, {6}, at::kLong);
    tensors::write_safetensors(folder / "in.safetensors", given);
    test::run_python("resnet_reference.py", {folder / "in.safetensors", folder / "out.safetensors",
                                             "2", shortcut, downsample, block});
    const tensors::Safetensors reference = tensors::read_safetensors(folder / "out.safetensors");
    use_channels_last(*net);
    net->train();
    const at::Tensor logits = net->forward(faces);
    at::cross_entropy_loss(logits, labels).backward();
    CHECK(largest_difference(logits, reference.tensors.at("logits")) < 1e-4);
    for (const auto& named : net->named_parameters()) {
      CAPTURE(named.key());
      CHECK(largest_difference(named.value().grad(),
                               reference.tensors.at("gradient/" + named.key())) < 2e-4);
    }
  }
}

TEST_CASE("A fresh block beside the identity starts as nothing: its last gamma is zero",
          "[nn][unit]") {
  torch::manual_seed(1);
  const auto net = make_classifier("small", 7);
  const auto parameters = net->named_parameters();
  for (const char* block : {"stage1_block1", "stage4_block2"}) {
    CHECK(parameters[std::string(block) + ".norm2.weight"].count_nonzero().item<int>() == 0);
    CHECK(parameters[std::string(block) + ".norm1.weight"].min().item<float>() == 1.0F);
  }
  // Where the shortcut has weights, the 3x3 convolutions must be seen from the first step on.
  CHECK(parameters["stage2_block1.norm2.weight"].min().item<float>() == 1.0F);
}

TEST_CASE("Stochastic depth drops branches in training alone", "[nn][unit]") {
  graph::NetOptions options;
  options.drop_path = 0.5;
  const auto net = shaken_net(options);
  const at::Tensor faces = at::randn({4, 1, 32, 32});
  net->eval();
  CHECK(at::equal(net->forward(faces), net->forward(faces)));
  net->train();
  CHECK_FALSE(at::equal(net->forward(faces), net->forward(faces)));
}

// The factor of each image's branch in one of four blocks in a training pass. That branch is made a
// constant 1 (gamma 0, beta 1), and the others are 0, as initially, so the logits change by that
// factor times the sum of the last layer's weights.
at::Tensor branch_factors(std::int64_t block, double drop_path, std::int64_t images) {
  graph::NetOptions options;
  options.drop_path = drop_path;
  torch::manual_seed(5);
  const auto net = make_resnet({.widths = {8}, .blocks = 4}, 7, options);
  net->train();
  const at::NoGradGuard no_grad;
  const at::Tensor faces = at::randn({images, 1, 8, 8});
  const at::Tensor without = net->forward(faces);
  const auto parameters = net->named_parameters();
  parameters["stage1_block" + std::to_string(block) + ".norm2.bias"].fill_(1.0);
  const at::Tensor moved = net->forward(faces) - without;
  const at::Tensor ones = parameters["logits.weight"].sum(1);
  return moved.matmul(ones) / ones.dot(ones);
}

TEST_CASE("Branches are dropped more often with depth, linearly, and keep their mean",
          "[nn][unit]") {
  constexpr std::int64_t kImages = 2000;
  constexpr double kLast = 0.8;
  for (const std::int64_t block : {1, 2, 3, 4}) {
    CAPTURE(block);
    // Huang et al. 2016, equation 4, for the last block's chance.
    const double chance = kLast * static_cast<double>(block) / 4.0;
    const at::Tensor factors = branch_factors(block, kLast, kImages);
    const at::Tensor kept = factors.gt(0.5);
    CHECK(largest_difference(factors, kept.to(at::kFloat) / (1.0 - chance)) < 1e-3);
    // Five standard deviations of a binomial share; of the mean, by the factor 1 / (1 - chance).
    const double bound = 5.0 * std::sqrt(chance * (1.0 - chance) / kImages);
    const double share = kept.to(at::kDouble).mean().item<double>();
    CHECK(std::abs(share - (1.0 - chance)) < bound);
    CHECK(std::abs(factors.to(at::kDouble).mean().item<double>() - 1.0) < bound / (1.0 - chance));
  }
}

}  // namespace
}  // namespace fer::nn
