#include "fer/nn/net_cost.h"

#include <ATen/ATen.h>

#include "fer/core/face.h"
#include "fer/nn/architectures.h"
#include "support/catch.h"

namespace fer::nn {
namespace {

TEST_CASE("What a face costs seed-cnn is what one works out by hand", "[nn][unit]") {
  const auto net = make_classifier("seed-cnn", 7);
  const NetCost cost = measure_cost(*net);
  CHECK(cost.parameters == 683'527);
  // Positions times filter length times filters of each convolution, then the two dense layers.
  CHECK(cost.multiply_adds ==
        48 * 48 * 9 * 32 + 24 * 24 * 288 * 64 + 12 * 12 * 576 * 128 + 4608 * 128 + 128 * 7);
  CHECK(cost.activations == 48 * 48 * 32 + 24 * 24 * 64 + 12 * 12 * 128 + 128 + 7);
}

TEST_CASE("Measuring a network's cost leaves it as it was", "[nn][unit]") {
  const auto net = make_classifier("nano", 7);
  net->eval();
  const at::Tensor face = at::randn({2, 1, kFaceSide, kFaceSide});
  const at::Tensor before = net->forward(face);
  net->train();
  measure_cost(*net);
  CHECK(net->is_training());
  net->eval();
  CHECK(at::equal(net->forward(face), before));
}

}  // namespace
}  // namespace fer::nn
