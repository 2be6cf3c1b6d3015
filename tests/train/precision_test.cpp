#include "fer/train/precision.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>

#include <limits>

#include "fer/core/error.h"
#include "fer/core/processor.h"
#include "support/catch.h"

namespace fer::train {
namespace {

TEST_CASE("On a CPU auto takes bf16 only where the processor has it", "[train][unit]") {
  CHECK(resolve_precision(MixedPrecision::automatic, at::kCPU) ==
        (processor_has_bf16() ? MixedPrecision::bf16 : MixedPrecision::off));
  CHECK(resolve_precision(MixedPrecision::off, at::kCPU) == MixedPrecision::off);
  CHECK(resolve_precision(MixedPrecision::bf16, at::kCPU) == MixedPrecision::bf16);
  CHECK_THROWS_AS(resolve_precision(MixedPrecision::fp16, at::kCPU), Error);
  CHECK(resolve_precision(MixedPrecision::automatic, at::kCUDA) == MixedPrecision::bf16);
}

TEST_CASE("Reduced precision computes products in bf16 while it lives, and no longer",
          "[train][unit]") {
  const at::Tensor a = at::ones({4, 4});
  {
    const ReducedPrecision precision(MixedPrecision::bf16, at::kCPU);
    CHECK(at::matmul(a, a).scalar_type() == at::kBFloat16);
  }
  CHECK(at::matmul(a, a).scalar_type() == at::kFloat);
  const ReducedPrecision none(MixedPrecision::off, at::kCPU);
  CHECK(at::matmul(a, a).scalar_type() == at::kFloat);
}

TEST_CASE("A loss scale changes nothing but what overflows, and then it halves", "[train][unit]") {
  LossScale scale(/*on=*/true, at::kCPU);
  at::Tensor weight = at::tensor({2.0F}).requires_grad_();
  scale.scaled((weight * 3.0).sum()).backward();
  CHECK(weight.grad().item<float>() == 3.0F * 65536.0F);
  CHECK(scale.unscale({weight}));
  CHECK(weight.grad().item<float>() == 3.0F);
  weight.mutable_grad() = at::tensor({std::numeric_limits<float>::infinity()});
  CHECK_FALSE(scale.unscale({weight}));
  CHECK_FALSE(weight.grad().defined());
  CHECK(scale.state()[0].item<float>() == 32768.0F);
}

TEST_CASE("Switched off, a loss scale does nothing", "[train][unit]") {
  LossScale scale(/*on=*/false, at::kCPU);
  at::Tensor weight = at::tensor({2.0F}).requires_grad_();
  scale.scaled((weight * 3.0).sum()).backward();
  CHECK(scale.unscale({weight}));
  CHECK(weight.grad().item<float>() == 3.0F);
  CHECK(scale.state().empty());
}

}  // namespace
}  // namespace fer::train
