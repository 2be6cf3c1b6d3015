#include "fer/nn/resnet.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <string>

#include "fer/model/model_file.h"
#include "fer/tensors/safetensors.h"
#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using test::largest_difference;

// A small one with every weight at random: gammas of zero would hide half of the network.
std::shared_ptr<Classifier> shaken_net(const NetOptions& options) {
  torch::manual_seed(7);
  const auto net = make_resnet({.widths = {8, 16, 24}, .blocks = 2, .stem_stride = 2}, 7, options);
  const at::NoGradGuard no_grad;
  for (at::Tensor& weight : net->parameters()) {
    if (weight.dim() == 1) weight.add_(at::randn_like(weight) * 0.3);
  }
  return net;
}

NetOptions style(const char* se, const char* shortcut, const char* downsample, const char* block) {
  NetOptions options;
  options.se = se;
  options.shortcut = shortcut;
  options.downsample = downsample;
  options.block = block;
  return options;
}

TEST_CASE("A residual network gives the logits and gradients of the same net in PyTorch",
          "[nn][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  const NetOptions styles[] = {
      style("off", "stride", "stride", "post"), style("on", "pool", "stride", "post"),
      style("off", "stride", "blur", "post"), style("on", "pool", "blur", "pre")};
  for (const NetOptions& options : styles) {
    CAPTURE(options.se, options.shortcut, options.downsample, options.block);
    const test::TemporaryFolder folder;
    const auto net = shaken_net(options);
    Safetensors given{.metadata = {}, .tensors = named_weights(*net)};
    const at::Tensor faces = given.tensors["faces"] = at::randn({6, 1, 32, 32});
    const at::Tensor labels = given.tensors["labels"] = at::randint(7, {6}, at::kLong);
    write_safetensors(folder / "in.safetensors", given);
    test::run_python("resnet_reference.py",
                     {folder / "in.safetensors", folder / "out.safetensors", "2", options.shortcut,
                      options.downsample, options.block});
    const Safetensors reference = read_safetensors(folder / "out.safetensors");
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

TEST_CASE("Stochastic depth drops branches in training alone, and leaves the mean as it is",
          "[nn][unit]") {
  NetOptions options;
  options.drop_path = 0.5;
  const auto net = shaken_net(options);
  const at::Tensor faces = at::randn({4, 1, 32, 32});
  net->eval();
  CHECK(at::equal(net->forward(faces), net->forward(faces)));
  net->train();
  CHECK_FALSE(at::equal(net->forward(faces), net->forward(faces)));
}

}  // namespace
}  // namespace fer
