#include "fer/train/sam.h"

#include <ATen/ATen.h>

#include <cmath>
#include <vector>

#include "support/catch.h"
#include "support/models.h"

namespace fer::train {
namespace {

using test::largest_difference;

struct WeightPair {
  at::Tensor a = at::tensor({1.0F, -2.0F}).requires_grad_();
  at::Tensor b = at::tensor({0.5F}).requires_grad_();
  WeightPair() {
    a.mutable_grad() = at::tensor({3.0F, 0.0F});
    b.mutable_grad() = at::tensor({-4.0F});
  }
  std::vector<at::Tensor> all() const { return {a, b}; }
};

TEST_CASE("A SAM step goes rho along the gradient and comes back with new gradients",
          "[train][unit]") {
  WeightPair w;  // gradients of norm 5
  {
    const SamStep step(w.all(), 0.5, /*adaptive=*/false);
    CHECK(largest_difference(w.a, at::tensor({1.3F, -2.0F})) < 1e-6);
    CHECK(largest_difference(w.b, at::tensor({0.1F})) < 1e-6);
    CHECK_FALSE(w.a.grad().defined());
    w.a.mutable_grad() = at::tensor({7.0F, 8.0F});
  }
  CHECK(at::equal(w.a, at::tensor({1.0F, -2.0F})));
  CHECK(at::equal(w.b, at::tensor({0.5F})));
  CHECK(at::equal(w.a.grad(), at::tensor({7.0F, 8.0F})));
}

TEST_CASE("An adaptive SAM step scales with the weights' own size", "[train][unit]") {
  // |w| g = (3, 0) and (-2): norm sqrt(13). The step is rho w^2 g / norm.
  WeightPair w;
  const double norm = std::sqrt(13.0);
  const SamStep step(w.all(), 0.5, /*adaptive=*/true);
  CHECK(largest_difference(w.a, at::tensor({1.0 + 0.5 * 3.0 / norm, -2.0}, at::kDouble)) < 1e-6);
  CHECK(largest_difference(w.b, at::tensor({0.5 - 0.5 * 0.25 * 4.0 / norm}, at::kDouble)) < 1e-6);
}

}  // namespace
}  // namespace fer::train
