#include "fer/eval/ensemble_grad_cam.h"

#include <ATen/ATen.h>

#include "support/catch.h"
#include "support/models.h"

namespace fer::eval {
namespace {

TEST_CASE("An ensemble's map is the weighted mean of its models' maps", "[eval][unit]") {
  at::manual_seed(3);
  const at::Tensor images = at::randint(0, 256, {2, kFaceSide, kFaceSide}, at::kByte);
  const at::Tensor classes = at::tensor({1, 4}, at::kLong);
  const nn::NamedModel first{{"a", "a"}, test::fresh_model(1)},
      second{{"b", "b"}, test::fresh_model(2)};
  const auto alone = [&](const nn::NamedModel& model) {
    return EnsembleGradCam({model}, {1.0}).maps(images, classes);
  };
  const at::Tensor both = EnsembleGradCam({first, second}, {0.75, 0.25}).maps(images, classes);
  CHECK(test::largest_difference(both, alone(first) * 0.75 + alone(second) * 0.25) < 1e-6);
  CHECK(test::largest_difference(alone(first), alone(second)) > 0.1);
}

}  // namespace
}  // namespace fer::eval
