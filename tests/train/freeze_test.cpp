#include "fer/train/freeze.h"

#include <ATen/ATen.h>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/nn/architectures.h"
#include "support/catch.h"

namespace fer::train {
namespace {

TEST_CASE("Frozen are the parameters a pattern matches, and no others", "[train][unit]") {
  const auto net = nn::make_classifier("nano", 7);
  // The stem has 24 filters of 9 weights; the name of its norm, which is not frozen, also starts
  // with "stem".
  CHECK(freeze_parameters(*net, {"stem.*"}) == 24 * 9);
  CHECK(freeze_parameters(*net, {"stem*"}) == 24 * 2);  // what was not frozen yet
  for (const auto& named : net->named_parameters()) {
    CAPTURE(named.key());
    CHECK(named.value().requires_grad() == !named.key().starts_with("stem"));
  }
  CHECK(freeze_parameters(*net, {"*conv2.weight"}) > 0);
}

TEST_CASE("A pattern that matches nothing is an error that says how names start", "[train][unit]") {
  using Catch::Matchers::ContainsSubstring;
  const auto net = nn::make_classifier("nano", 7);
  CHECK_THROWS_MATCHES(freeze_parameters(*net, {"layer1*"}), Error,
                       Catch::Matchers::MessageMatches(ContainsSubstring("\"freeze\" 'layer1*'") &&
                                                       ContainsSubstring("stage1_block1") &&
                                                       ContainsSubstring("stem")));
}

TEST_CASE("The statistics of a frozen normalisation stay with its weights", "[train][unit]") {
  const auto net = nn::make_classifier("nano", 7);
  freeze_parameters(*net, {"stem*"});
  train_mode(*net);
  const auto buffers = net->named_buffers();
  const at::Tensor frozen = buffers["stem_norm.running_mean"].clone();
  const at::Tensor moving = buffers["stage1_block1.norm1.running_mean"].clone();
  net->forward(at::randn({4, 1, kFaceSide, kFaceSide}) + 1.0);
  CHECK(at::equal(net->named_buffers()["stem_norm.running_mean"], frozen));
  CHECK_FALSE(at::equal(net->named_buffers()["stage1_block1.norm1.running_mean"], moving));
}

}  // namespace
}  // namespace fer::train
