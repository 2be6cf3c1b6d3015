#include "fer/infer/ensemble_grad_cam.h"

#include <ATen/ATen.h>

#include "support/catch.h"
#include "support/models.h"

namespace fer::infer {
namespace {

TEST_CASE("An ensemble's map is the weighted mean of its models' maps", "[infer][unit]") {
  at::manual_seed(3);
  const at::Tensor images = at::randint(0, 256, {2, kFaceSide, kFaceSide}, at::kByte);
  const at::Tensor classes = at::tensor({1, 4}, at::kLong);
  const model::Model first = test::fresh_model(1), second = test::fresh_model(2);
  const at::Tensor both = EnsembleGradCam({first, second}, {0.75, 0.25}).maps(images, classes);
  const at::Tensor expected =
      GradCam(first).maps(images, classes) * 0.75 + GradCam(second).maps(images, classes) * 0.25;
  CHECK(test::largest_difference(both, expected) < 1e-6);
}

}  // namespace
}  // namespace fer::infer
