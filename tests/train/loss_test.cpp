#include "fer/train/loss.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>

#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::train {
namespace {

using Catch::Approx;
using test::largest_difference;

TEST_CASE("Losses and their gradients equal PyTorch's", "[train][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  const test::TemporaryFolder folder;
  torch::manual_seed(6);
  tensors::Safetensors given;
  const at::Tensor logits = given.tensors["logits"] = at::randn({9, 7}) * 3.0;
  const at::Tensor labels = given.tensors["labels"] = at::randint(7, {9}, at::kLong);
  const at::Tensor targets = given.tensors["targets"] = at::softmax(at::randn({9, 7}), 1);
  const at::Tensor teachers = given.tensors["teachers"] = at::softmax(at::randn({9, 7}) * 2.0, 1);
  const at::Tensor weights = given.tensors["weights"] = at::rand({7}) + 0.2;
  tensors::write_safetensors(folder / "in.safetensors", given);
  test::run_python("loss_reference.py", {folder / "in.safetensors", folder / "out.safetensors"});
  const tensors::Safetensors reference = tensors::read_safetensors(folder / "out.safetensors");

  const auto check = [&](const std::string& name, auto loss_of) {
    CAPTURE(name);
    const at::Tensor leaf = logits.clone().requires_grad_();
    const at::Tensor loss = loss_of(leaf);
    loss.backward();
    CHECK(largest_difference(loss, reference.tensors.at(name)) < 1e-5);
    CHECK(largest_difference(leaf.grad(), reference.tensors.at("gradient/" + name)) < 1e-6);
  };
  const auto with = [&](double smoothing, bool weighted, bool soft) {
    return [=](const at::Tensor& x) {
      LossOptions options;
      options.label_smoothing = smoothing;
      return classification_loss(x, {labels, soft ? targets : at::Tensor()}, options,
                                 weighted ? weights : at::Tensor());
    };
  };
  check("plain", with(0.0, false, false));
  check("weighted", with(0.0, true, false));
  check("smoothed", with(0.1, false, false));
  check("both", with(0.1, true, false));
  check("soft", with(0.0, false, true));
  check("soft_smoothed", with(0.2, false, true));
  check("distilled", [&](const at::Tensor& x) { return distillation_loss(x, teachers, 3.0); });
}

TEST_CASE("The focal loss weighs what is right already by (1 - p)^gamma", "[train][unit]") {
  // Two classes with p = 0.8 for the true one: 0.2^2 * -ln 0.8.
  const at::Tensor logits = at::tensor({std::log(0.8F), std::log(0.2F)}).view({1, 2});
  LossOptions options;
  options.loss = LossKind::focal;
  options.focal_gamma = 2.0;
  const at::Tensor label = at::tensor({0}, at::kLong);
  CHECK(classification_loss(logits, {label, {}}, options, {}).item<double>() ==
        Approx(0.04 * -std::log(0.8)).epsilon(1e-5));
  options.focal_gamma = 0.0;  // then it is cross entropy
  CHECK(classification_loss(logits, {label, {}}, options, {}).item<double>() ==
        Approx(-std::log(0.8)).epsilon(1e-5));
}

TEST_CASE("The focal loss has finite gradients where an answer is certain", "[train][unit]") {
  LossOptions options;
  options.loss = LossKind::focal;
  for (const double gamma : {0.0, 0.5, 1.0, 2.0}) {
    for (const std::int64_t label : {0, 1}) {  // certain and right, certain and wrong
      CAPTURE(gamma, label);
      options.focal_gamma = gamma;
      const at::Tensor logits = at::zeros({1, 7});
      logits[0][0].fill_(30.0);
      logits.requires_grad_();
      const at::Tensor loss =
          classification_loss(logits, {at::tensor({label}, at::kLong), {}}, options, {});
      loss.backward();
      CHECK(std::isfinite(loss.item<double>()));
      CHECK(logits.grad().isfinite().all().item<bool>());
    }
  }
  // A certain mistake costs as much as with cross entropy: (1 - p)^gamma is 1.
  const at::Tensor wrong = at::tensor({30.0F, 0.0F}).view({1, 2});
  CHECK(classification_loss(wrong, {at::tensor({1}, at::kLong), {}}, options, {}).item<double>() ==
        Approx(30.0).epsilon(1e-5));
}

TEST_CASE("The focal loss' gradient is the derivative of its value", "[train][unit]") {
  torch::manual_seed(3);
  const at::Tensor logits = at::randn({3, 7}).to(at::kDouble) * 2.0;
  const at::Tensor weights = at::rand({7}).to(at::kDouble) + 0.2;
  const at::Tensor labels = at::tensor({4, 0, 6}, at::kLong);
  LossOptions options;
  options.loss = LossKind::focal;
  options.focal_gamma = 2.0;
  options.label_smoothing = 0.1;
  const auto loss_of = [&](const at::Tensor& x) {
    return classification_loss(x, {labels, {}}, options, weights);
  };
  const at::Tensor leaf = logits.clone().requires_grad_();
  loss_of(leaf).backward();
  // Central differences of doubles with this step have errors of about 1e-10.
  constexpr double kStep = 1e-5;
  for (std::int64_t i = 0; i < logits.numel(); ++i) {
    const at::Tensor ahead = logits.clone(), behind = logits.clone();
    ahead.view({-1})[i].add_(kStep);
    behind.view({-1})[i].sub_(kStep);
    const double slope = (loss_of(ahead) - loss_of(behind)).item<double>() / (2.0 * kStep);
    CHECK(std::abs(leaf.grad().view({-1})[i].item<double>() - slope) < 1e-8);
  }
}

TEST_CASE("Teachers that say what the student says teach nothing more", "[train][unit]") {
  torch::manual_seed(1);
  const at::Tensor logits = at::randn({4, 7}).requires_grad_();
  const at::Tensor loss = distillation_loss(logits, at::softmax(logits.detach() / 4.0, 1), 4.0);
  loss.backward();
  CHECK(std::abs(loss.item<double>()) < 1e-6);
  CHECK(logits.grad().abs().max().item<double>() < 1e-6);
  // A teacher may be certain: 0 log 0 is 0.
  CHECK(std::isfinite(
      distillation_loss(logits, at::one_hot(at::tensor({0, 1, 2, 3}, at::kLong), 7).to(at::kFloat),
                        4.0)
          .item<double>()));
}

TEST_CASE("Class weights have mean 1 over the classes there are", "[train][unit]") {
  LossOptions options;
  CHECK(class_weights(options, {5, 0, 100}) == std::vector<double>{1.0, 0.0, 1.0});
  options.class_weights = ClassWeights::inverse;
  const auto inverse = class_weights(options, {10, 40, 0});  // 1/10 and 1/40: 4 to 1, mean 1
  CHECK(inverse[0] == Approx(1.6));
  CHECK(inverse[1] == Approx(0.4));
  CHECK(inverse[2] == 0.0);
  options.class_weights = ClassWeights::effective;
  options.effective_beta = 0.9;
  // (1 - 0.9) / (1 - 0.9^n): 1 for n = 1 and 0.1 / 0.19 for n = 2.
  const auto effective = class_weights(options, {1, 2});
  CHECK(effective[0] / effective[1] == Approx(0.19 / 0.1));
  CHECK(effective[0] + effective[1] == Approx(2.0));
}

TEST_CASE("Logits are adjusted by the logarithm of each class's share", "[train][unit]") {
  LossOptions options;
  options.logit_adjustment = 0.5;
  const auto added = logit_adjustments(options, {30, 10, 0});
  CHECK(added[0] == Approx(0.5 * std::log(0.75)));
  CHECK(added[1] == Approx(0.5 * std::log(0.25)));
  CHECK(added[2] == 0.0);
}

}  // namespace
}  // namespace fer::train
