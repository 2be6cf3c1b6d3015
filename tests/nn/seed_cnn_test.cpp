#include "fer/nn/seed_cnn.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>

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

constexpr std::int64_t kFaces = 8;

at::Tensor some_faces() { return at::randn({kFaces, 1, kFaceSide, kFaceSide}); }

TEST_CASE("seed-cnn has 683,527 parameters for seven classes", "[nn][unit]") {
  CHECK(make_seed_cnn(7)->parameter_count() == 683'527);
  // By hand: a class more is 128 weights and a bias more.
  CHECK(make_seed_cnn(8)->parameter_count() == 683'527 + 129);
}

TEST_CASE("seed-cnn gives the logits and gradients of the same net in PyTorch",
          "[nn][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  const test::TemporaryFolder folder;
  torch::manual_seed(3);
  const auto net = make_seed_cnn(7);
  net->eval();
  // Biases start at zero, which would hide one that is added in the wrong place.
  for (at::Tensor& weight : net->parameters()) {
    if (weight.dim() == 1) weight.set_data(at::randn_like(weight) * 0.1);
  }
  tensors::Safetensors given{.metadata = {}, .tensors = nn::named_weights(*net)};
  const at::Tensor faces = given.tensors["faces"] = some_faces();
  const at::Tensor labels = given.tensors["labels"] = at::randint(7, {kFaces}, at::kLong);
  tensors::write_safetensors(folder / "in.safetensors", given);
  test::run_python("seed_cnn_reference.py",
                   {folder / "in.safetensors", folder / "out.safetensors"});
  const tensors::Safetensors reference = tensors::read_safetensors(folder / "out.safetensors");

  for (const bool channels_last : {false, true}) {
    CAPTURE(channels_last);
    if (channels_last) use_channels_last(*net);
    net->zero_grad();
    const at::Tensor logits = net->forward(faces);
    at::cross_entropy_loss(logits, labels).backward();
    CHECK(largest_difference(logits, reference.tensors.at("logits")) < 1e-5);
    for (const auto& named : net->named_parameters()) {
      CAPTURE(named.key());
      const at::Tensor& gradient = reference.tensors.at("gradient/" + named.key());
      CHECK(gradient.abs().max().item<double>() > 1e-4);  // that there is something to compare
      CHECK(largest_difference(named.value().grad(), gradient) < 1e-5);
    }
  }
}

TEST_CASE("seed-cnn drops half of the dense units in training and none in evaluation",
          "[nn][unit]") {
  torch::manual_seed(4);
  const auto net = make_seed_cnn(7);
  const at::Tensor faces = some_faces();
  net->eval();
  CHECK(at::equal(net->forward(faces), net->forward(faces)));
  net->train();
  CHECK_FALSE(at::equal(net->forward(faces), net->forward(faces)));
}

TEST_CASE("seed-cnn starts as He et al. say, from LibTorch's seed", "[nn][unit]") {
  torch::manual_seed(5);
  const auto weights = nn::named_weights(*make_seed_cnn(7));
  torch::manual_seed(5);
  const auto again = nn::named_weights(*make_seed_cnn(7));
  for (const auto& [name, weight] : weights) {
    CAPTURE(name);
    CHECK(at::equal(weight, again.at(name)));
    if (weight.dim() == 1) CHECK(weight.count_nonzero().item<std::int64_t>() == 0);
  }
  // Standard deviation sqrt(2 / fan_in); 18,432 and 589,824 draws estimate it within 3 %.
  const double conv2 = weights.at("conv2.weight").std().item<double>();
  CHECK(std::abs(conv2 / std::sqrt(2.0 / (32 * 9)) - 1.0) < 0.03);
  const double dense = weights.at("dense.weight").std().item<double>();
  CHECK(std::abs(dense / std::sqrt(2.0 / (128 * 36)) - 1.0) < 0.03);
}

}  // namespace
}  // namespace fer::nn
