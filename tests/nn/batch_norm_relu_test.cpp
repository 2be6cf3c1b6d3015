#include "fer/nn/batch_norm_relu.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/utils.h>

#include <bit>
#include <limits>
#include <string>
#include <vector>

#include "fer/nn/norm_kernels.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::nn {
namespace {

using test::largest_difference;
using torch::nn::BatchNorm2d;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;

// Its gamma, beta and running statistics differ from those of a new norm.
BatchNorm2d some_norm(std::int64_t channels) {
  const at::NoGradGuard no_grad;
  torch::manual_seed(channels);
  BatchNorm2d norm(channels);
  norm->weight.uniform_(0.5, 1.5);
  norm->bias.normal_();
  norm->running_mean.normal_();
  norm->running_var.uniform_(0.5, 2.0);
  return norm;
}

at::Tensor some_values(std::int64_t channels, std::int64_t side, double mean = 0.3) {
  torch::manual_seed(side);
  const at::Tensor offsets = at::randn({1, channels, 1, 1});
  return (at::randn({6, channels, side, side}) + offsets + mean).contiguous(kNhwc);
}

struct NormOutcome {
  at::Tensor y, to_x, to_gamma, to_beta, mean, variance, batches;
};

// The values that `function` makes of x and a norm, and the gradients of their sum, weighted by
// fixed random numbers.
template <typename Function>
NormOutcome norm_outcome(const at::Tensor& x, BatchNorm2d norm, Function function) {
  const at::Tensor leaf = x.detach().clone().requires_grad_();
  const at::Tensor y = function(leaf, norm);
  torch::manual_seed(9);
  y.backward(at::randn(y.sizes()).to(y.dtype()).contiguous(kNhwc));
  return {y.detach(),         leaf.grad(),       norm->weight.grad(),      norm->bias.grad(),
          norm->running_mean, norm->running_var, norm->num_batches_tracked};
}

at::Tensor plain_batch_norm_relu(const at::Tensor& x, BatchNorm2d& norm) {
  return at::relu(norm->forward(x));
}
at::Tensor plain_norm(const at::Tensor& x, BatchNorm2d& norm) { return norm->forward(x); }

void check_equal(const NormOutcome& ours, const NormOutcome& other, double tolerance) {
  CHECK(ours.y.sizes() == other.y.sizes());
  CHECK(largest_difference(ours.y, other.y) < tolerance);
  CHECK(largest_difference(ours.to_x, other.to_x) < tolerance);
  // Sums over all pixels.
  const double sums = tolerance * 100;
  CHECK(largest_difference(ours.to_gamma, other.to_gamma) < sums);
  CHECK(largest_difference(ours.to_beta, other.to_beta) < sums);
  CHECK(largest_difference(ours.mean, other.mean) < tolerance);
  CHECK(largest_difference(ours.variance, other.variance) < tolerance);
  CHECK(at::equal(ours.batches, other.batches));
}

TEST_CASE("A fused normalisation has LibTorch's values, gradients and running statistics",
          "[nn][unit]") {
  // 8 and 24 channels lie two pixels to a row.
  const auto channels = GENERATE(8, 16, 24, 48);
  const auto side = GENERATE(1, 3, 12);
  CAPTURE(channels, side);
  const at::Tensor x = some_values(channels, side);
  check_equal(norm_outcome(x, some_norm(channels), batch_norm_relu),
              norm_outcome(x, some_norm(channels), plain_batch_norm_relu), 2e-5);
  check_equal(norm_outcome(x, some_norm(channels), batch_norm),
              norm_outcome(x, some_norm(channels), plain_norm), 2e-5);
}

TEST_CASE("In bfloat16 only what goes in and out is rounded", "[nn][unit]") {
  const auto channels = GENERATE(8, 16, 48);
  CAPTURE(channels);
  const at::Tensor x = some_values(channels, 8).to(at::kBFloat16);
  const NormOutcome ours = norm_outcome(x, some_norm(channels), batch_norm_relu);
  CHECK(ours.y.scalar_type() == at::kBFloat16);
  CHECK(ours.y.is_contiguous(kNhwc));
  CHECK(ours.to_x.scalar_type() == at::kBFloat16);
  CHECK(ours.to_gamma.scalar_type() == at::kFloat);
  // The same values, and the same gradient coming in, in float32.
  const NormOutcome exact =
      norm_outcome(x.to(at::kFloat), some_norm(channels), plain_batch_norm_relu);
  // bfloat16 has 8 significant bits: y, up to 8, is off by at most 1/64. to_x is off by more,
  // because the gradient that comes in is rounded as well.
  CHECK(largest_difference(ours.y, exact.y) < 0.017);
  CHECK(largest_difference(ours.to_x, exact.to_x) < 0.05);
  CHECK(largest_difference(ours.to_gamma, exact.to_gamma) < 0.3);
  CHECK(largest_difference(ours.mean, exact.mean) < 1e-5);
  CHECK(largest_difference(ours.variance, exact.variance) < 1e-5);
}

TEST_CASE("A mean a thousand deviations away costs no digits of the variance", "[nn][unit]") {
  const at::Tensor x = some_values(16, 12, 1000.0);
  BatchNorm2d norm = some_norm(16);
  batch_norm(x, norm);
  BatchNorm2d exact = some_norm(16);
  exact->to(at::kDouble);
  exact->forward(x.to(at::kDouble));
  CHECK(largest_difference(norm->running_var, exact->running_var) < 1e-5);
}

TEST_CASE("Sums of a normalisation do not depend on the number of threads", "[nn][unit]") {
  const int before = at::get_num_threads();
  const at::Tensor x = some_values(24, 48);
  std::vector<NormOutcome> outcomes;
  for (const int threads : {1, 2, 3}) {
    at::set_num_threads(threads);
    outcomes.push_back(norm_outcome(x, some_norm(24), batch_norm_relu));
  }
  at::set_num_threads(before);
  for (const NormOutcome& outcome : outcomes) {
    CHECK(at::equal(outcome.y, outcomes[0].y));
    CHECK(at::equal(outcome.to_x, outcomes[0].to_x));
    CHECK(at::equal(outcome.to_gamma, outcomes[0].to_gamma));
  }
}

TEST_CASE("What the fused normalisation does not cover is LibTorch's, to the bit", "[nn][unit]") {
  const auto same = [](const at::Tensor& x, bool training) {
    BatchNorm2d ours = some_norm(x.size(1)), plain = some_norm(x.size(1));
    for (BatchNorm2d* norm : {&ours, &plain}) {
      (*norm)->to(x.scalar_type());
      (*norm)->train(training);
    }
    return at::equal(batch_norm_relu(x, ours), plain_batch_norm_relu(x, plain)) &&
           at::equal(ours->running_mean, plain->running_mean);
  };
  const at::Tensor x = some_values(16, 6);
  CHECK(same(x, /*training=*/false));
  CHECK(same(x.to(at::kDouble), true));
  CHECK(same(x.contiguous(), true));                     // channels apart
  CHECK(same(some_values(12, 6), true));                 // no whole vectors
  CHECK(same(some_values(8, 5).narrow(0, 0, 5), true));  // an odd number of pixels
}

TEST_CASE("NaN in a batch is not hidden by a normalisation", "[nn][unit]") {
  at::Tensor x = some_values(16, 6);
  x[2][3][1][1] = std::numeric_limits<float>::quiet_NaN();
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    BatchNorm2d norm = some_norm(16);
    const at::Tensor y = batch_norm_relu(x.to(type), norm);
    CHECK(y.select(1, 3).isnan().all().item<bool>());
    CHECK_FALSE(y.select(1, 4).isnan().any().item<bool>());
  }
}

// Compares with the same formulas on tensors of doubles.
TEST_CASE("Kernels of every vector width compute what their declarations say", "[nn][unit]") {
  const auto list = runnable_norm_kernels();
  REQUIRE(list.count >= 1);
  constexpr NormRows kRows{701, 48};
  const at::Tensor x = at::randn({kRows.count, kRows.width});
  const at::Tensor g = at::randn({kRows.count, kRows.width});
  const at::Tensor c = at::randn({5, kRows.width});  // scale, offset, mean, slope, level
  const auto row = [&](std::int64_t i) { return c[i].to(at::kDouble); };
  const at::Tensor xd = x.to(at::kDouble);
  const at::Tensor linear = xd * row(0) + row(1);
  const at::Tensor passed = g.to(at::kDouble) * (linear > 0);
  const auto at_row = [&](std::int64_t i) { return c[i].const_data_ptr<float>(); };
  for (int i = 0; i < list.count; ++i) {
    const NormLoops<float>& loops = list.items[i]->floats;
    CAPTURE(std::string(list.items[i]->name));
    at::Tensor sum = at::empty({kRows.width}), second = at::empty({kRows.width});
    at::Tensor out = at::empty_like(x);
    loops.measure(x.const_data_ptr<float>(), kRows, at_row(2), sum.data_ptr<float>(),
                  second.data_ptr<float>());
    CHECK(largest_difference(sum, (xd - row(2)).sum(0)) < 1e-3);
    CHECK(largest_difference(second, (xd - row(2)).square().sum(0)) < 5e-2);
    loops.apply(x.const_data_ptr<float>(), kRows, at_row(0), at_row(1), true,
                out.data_ptr<float>());
    CHECK(largest_difference(out, linear.clamp_min(0)) < 1e-5);
    loops.apply(x.const_data_ptr<float>(), kRows, at_row(0), at_row(1), false,
                out.data_ptr<float>());
    CHECK(largest_difference(out, linear) < 1e-5);
    loops.measure_gradient(x.const_data_ptr<float>(), g.const_data_ptr<float>(), kRows, at_row(0),
                           at_row(1), at_row(2), true, sum.data_ptr<float>(),
                           second.data_ptr<float>());
    CHECK(largest_difference(sum, passed.sum(0)) < 1e-3);
    CHECK(largest_difference(second, (passed * (xd - row(2))).sum(0)) < 5e-3);
    loops.apply_gradient(x.const_data_ptr<float>(), g.const_data_ptr<float>(), kRows, at_row(0),
                         at_row(1), at_row(3), at_row(4), true, out.data_ptr<float>());
    CHECK(largest_difference(out, passed * row(0) + xd * row(3) + row(4)) < 1e-5);
  }
}

TEST_CASE("A bfloat16 is rounded to the nearest, to the even one of two", "[nn][unit]") {
  const std::vector<float> edge = {1.0F,
                                   1.00390625F,
                                   1.01171875F,
                                   -1.00390625F,
                                   1e-40F,
                                   3.4e38F,
                                   std::numeric_limits<float>::infinity(),
                                   std::numeric_limits<float>::quiet_NaN(),
                                   0.1F,
                                   -0.0F,
                                   255.3F,
                                   1.00390637F,
                                   2.0F,
                                   3.0F,
                                   4.0F,
                                   5.0F};
  const at::Tensor values = at::tensor(edge);
  const at::Tensor expected = values.to(at::kBFloat16);
  const std::vector<std::uint16_t> zeros(16, 0);  // bits of 0
  const auto list = runnable_norm_kernels();
  for (int i = 0; i < list.count; ++i) {
    CAPTURE(std::string(list.items[i]->name));
    // 0 * 1 + the value itself.
    const std::vector<float> scale(16, 1.0F);
    std::vector<std::uint16_t> out(16);
    list.items[i]->brain_floats.apply(zeros.data(), {1, 16}, scale.data(), edge.data(), false,
                                      out.data());
    for (std::size_t v = 0; v < edge.size(); ++v) {
      CAPTURE(edge[v]);
      const float there = std::bit_cast<float>(static_cast<std::uint32_t>(out[v]) << 16);
      const float wanted = expected[static_cast<std::int64_t>(v)].item<float>();
      CHECK((there == wanted || (there != there && wanted != wanted)));
    }
  }
}

}  // namespace
}  // namespace fer::nn
