#include "fer/eval/ensemble_grad_cam.h"

#include <ATen/ATen.h>

#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::eval {
namespace {

TEST_CASE("An ensemble's map is the weighted mean of its models' maps", "[eval][unit]") {
  at::manual_seed(3);
  const at::Tensor images = at::randint(0, 256, {2, kFaceSide, kFaceSide}, at::kByte);
  const at::Tensor classes = at::tensor({1, 4}, at::kLong);
  const at::Tensor rows = at::arange(2);
  data::FaceSet set;
  set.images = images;
  const StudyImages shown(set);
  const nn::NamedModel first{{"a", "a"}, test::fresh_model(1)},
      second{{"b", "b"}, test::fresh_model(2)};
  const auto alone = [&](const nn::NamedModel& model) {
    return EnsembleGradCam({model}, {1.0}).maps(shown, rows, classes);
  };
  const at::Tensor both = EnsembleGradCam({first, second}, {0.75, 0.25}).maps(shown, rows, classes);
  CHECK(test::largest_difference(both, alone(first) * 0.75 + alone(second) * 0.25) < 1e-6);
  CHECK(test::largest_difference(alone(first), alone(second)) > 0.1);
}

TEST_CASE("The map of a model that is shown another size is scaled to the images of the set",
          "[eval][unit]") {
  const FaceFormat large{64, 64, Colour::rgb};
  const StudyImages small(data::make_synthetic_set(70, 1));
  StudyImages both = small;
  both.add(data::make_synthetic_set(70, 1, large).images);
  const nn::NamedModel first{{"a", "a"}, test::fresh_model(1)},
      second{{"b", "b"}, test::fresh_model_for(large, 2)};
  const at::Tensor rows = at::tensor({0, 5}, at::kLong), classes = at::tensor({1, 4}, at::kLong);
  const at::Tensor of_first = EnsembleGradCam({first}, {1.0}).maps(small, rows, classes);
  const at::Tensor of_both = EnsembleGradCam({first, second}, {1.0, 0.0}).maps(both, rows, classes);
  CHECK(test::largest_difference(of_first, of_both) < 1e-6);
  const at::Tensor of_second =
      EnsembleGradCam({first, second}, {0.0, 1.0}).maps(both, rows, classes);
  CHECK(of_second.sizes() == at::IntArrayRef({2, kFaceSide, kFaceSide}));
  CHECK(of_second.max().item<float>() > 0.3F);
  CHECK(of_second.min().item<float>() >= 0.0F);
}

}  // namespace
}  // namespace fer::eval
