#include "fer/nn/memory_format.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <map>

#include "fer/core/face.h"
#include "fer/nn/seed_cnn.h"
#include "support/catch.h"

namespace fer::nn {
namespace {

TEST_CASE("channels_last changes the order in memory and nothing else", "[nn][unit]") {
  torch::manual_seed(1);
  const auto net = make_seed_cnn(7);
  net->eval();
  std::map<std::string, at::Tensor> before;
  for (const auto& named : net->named_parameters()) {
    before[named.key()] = named.value().detach().clone();
  }
  const at::Tensor faces = at::randn({4, 1, kFaceSide, kFaceSide});
  const at::Tensor logits = net->forward(faces);
  use_channels_last(*net);

  for (const auto& named : net->named_parameters()) {
    CAPTURE(named.key());
    CHECK(at::equal(named.value(), before.at(named.key())));
    CHECK(named.value().requires_grad());
    if (named.value().dim() == 4) CHECK(named.value().stride(1) == 1);
  }
  CHECK((net->forward(faces) - logits).abs().max().item<double>() < 1e-5);
}

}  // namespace
}  // namespace fer::nn
