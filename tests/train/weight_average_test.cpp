#include "fer/train/weight_average.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include "fer/core/error.h"
#include "fer/nn/architectures.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::train {
namespace {

TEST_CASE("The average starts as the weights and follows them by its decay", "[train][unit]") {
  const auto net = nn::make_classifier("nano", 7);
  const at::NoGradGuard no_grad;
  const at::Tensor bias = net->named_parameters()["logits.bias"];
  const at::Tensor mean = net->named_buffers()["stem_norm.running_mean"];
  bias.fill_(1.0);
  mean.fill_(1.0);
  WeightAverage average(*net, 0.75);
  average.update();
  CHECK(average.state().at("logits.bias").max().item<float>() == 1.0F);
  bias.fill_(5.0);
  mean.fill_(5.0);
  average.update();
  CHECK(average.state().at("logits.bias").max().item<float>() == 2.0F);
  // Running statistics are averaged, too.
  CHECK(average.state().at("stem_norm.running_mean").max().item<float>() == 2.0F);
  CHECK(bias.max().item<float>() == 5.0F);
  {
    const AveragedWeights averaged(average);
    CHECK(bias.max().item<float>() == 2.0F);
  }
  CHECK(bias.max().item<float>() == 5.0F);
  CHECK(average.state().at("logits.bias").max().item<float>() == 2.0F);
}

TEST_CASE("An average carries over to another run, and none has no state", "[train][unit]") {
  const auto net = nn::make_classifier("nano", 7);
  WeightAverage first(*net, 0.9);
  first.update();
  const at::NoGradGuard no_grad;
  for (const at::Tensor& weight : net->parameters()) weight.add_(1.0);
  first.update();
  const auto other_net = nn::make_classifier("nano", 7);
  WeightAverage second(*other_net, 0.9);
  second.restore(first.state(), "some.ckpt");
  for (const auto& [name, tensor] : first.state()) {
    CAPTURE(name);
    CHECK(at::equal(tensor, second.state().at(name)));
  }
  auto lacking = first.state();
  lacking.erase("logits.bias");
  CHECK_THROWS_MATCHES(
      second.restore(lacking, "some.ckpt"), Error,
      Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring("some.ckpt") &&
                                      Catch::Matchers::ContainsSubstring("logits.bias")));
  const WeightAverage none(*net, 0.0);
  CHECK_FALSE(none.on());
  CHECK(none.state().empty());
}

}  // namespace
}  // namespace fer::train
