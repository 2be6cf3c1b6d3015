#include "fer/train/plan_epochs.h"

#include <ATen/Functions.h>

#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::train {
namespace {

TEST_CASE("So many epochs are planned as fit into 95 % of the time", "[train][unit]") {
  const EpochCost cost{.training_seconds = 9.0, .validation_seconds = 1.0};
  CHECK(epochs_within(600.0, cost, 1000) == 57);
  CHECK(epochs_within(600.0, cost, 40) == 40);
  CHECK(epochs_within(5.0, cost, 40) == 1);
  CHECK(epochs_within(1e12, {1e-9, 0.0}, 100'000) == 100'000);
}

TEST_CASE("Measuring an epoch leaves the model as it is", "[train][integration]") {
  const nn::Model model = test::fresh_model();
  std::map<std::string, at::Tensor> before;
  for (const auto& [name, tensor] : nn::named_weights(*model.net)) before[name] = tensor.clone();
  const at::Tensor images = at::randint(256, {16, kFaceSide, kFaceSide}, at::kByte);
  const data::FaceSet set = test::set_of(images, std::vector<std::int64_t>(16, 3));
  TrainOptions options;
  options.batch_size = 8;
  const EpochCost cost = measure_epoch(options, model, set, set, {}, RandomStream(1));
  CHECK(cost.training_seconds > 0.0);
  CHECK(cost.validation_seconds > 0.0);
  for (const auto& [name, tensor] : nn::named_weights(*model.net)) {
    CAPTURE(name);
    CHECK(tensor.equal(before.at(name)));
  }
}

}  // namespace
}  // namespace fer::train
