#include "fer/augment/mixup_cutmix.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cmath>

#include "support/catch.h"
#include "support/models.h"

namespace fer::augment {
namespace {

using test::largest_difference;

// Image i is flat at grey level i, of class i, so that pixels show the mixture.
MixedBatch flat_batch(std::int64_t count) {
  const at::Tensor levels =
      at::arange(count).to(at::kFloat).view({-1, 1, 1}).expand({count, 16, 16}).contiguous();
  return {levels, at::eye(count)};
}

MixedBatch mixed_batch(const MixedBatch& batch, const AugmentOptions& options, std::uint64_t seed) {
  return mixup_cutmix(batch, {plan_mixup_cutmix(batch.levels.size(0), batch.levels.size(1), options,
                                                RandomStream(seed))});
}

AugmentOptions with(double mixup, double cutmix) {
  AugmentOptions options;
  options.mixup = mixup;
  options.cutmix = cutmix;
  return options;
}

TEST_CASE("Without mixup and CutMix a batch stays as it is", "[augment][unit]") {
  const MixedBatch batch = flat_batch(5);
  const MixedBatch same = mixed_batch(batch, with(0.0, 0.0), 1);
  CHECK(at::equal(same.levels, batch.levels));
  CHECK(at::equal(same.targets, batch.targets));
}

TEST_CASE("Mixup mixes pixels and targets by the same share, of the same two images",
          "[augment][unit]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const MixedBatch mixed = mixed_batch(flat_batch(6), with(0.5, 0.0), seed);
    // A flat image's level is the sum of its targets' levels.
    const at::Tensor expected = mixed.targets.matmul(at::arange(6).to(at::kFloat));
    CHECK(largest_difference(mixed.levels.select(1, 0).select(1, 0), expected) < 1e-5);
    CHECK(largest_difference(mixed.targets.sum(1), at::ones({6})) < 1e-6);
    CHECK(at::equal(mixed.levels.amin({1, 2}), mixed.levels.amax({1, 2})));
  }
}

TEST_CASE("CutMix puts one box of the partner in, and its targets say how large it is",
          "[augment][unit]") {
  bool cut = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const MixedBatch mixed = mixed_batch(flat_batch(6), with(0.0, 1.0), seed);
    for (std::int64_t i = 0; i < 6; ++i) {
      const double own = mixed.levels[i].eq(i).to(at::kDouble).mean().item<double>();
      CHECK(std::abs(mixed.targets[i][i].item<double>() - own) < 1e-5);
      cut |= own < 1.0;
    }
    CHECK(largest_difference(mixed.targets.sum(1), at::ones({6})) < 1e-6);
  }
  CHECK(cut);
}

TEST_CASE("With both on, each takes about half of the batches", "[augment][unit]") {
  int mixups = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const MixedBatch mixed = mixed_batch(flat_batch(4), with(1.0, 1.0), seed);
    const at::Tensor whole = mixed.levels.frac().ne(0);  // mixed levels are no whole numbers
    mixups += whole.any().item<bool>() ? 1 : 0;
  }
  CHECK(std::abs(mixups - 200) < 50);
}

TEST_CASE("Batches mixed together come out as each does alone", "[augment][unit]") {
  const AugmentOptions options = with(0.5, 1.0);
  std::vector<MixupCutmixPlan> plans;
  std::vector<at::Tensor> levels, targets;
  bool cut = false, blended = false;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    plans.push_back(plan_mixup_cutmix(5, 16, options, RandomStream(seed)));
    cut |= plans.back().box.right > plans.back().box.left;
    blended |= plans.back().share < 1.0;
    const MixedBatch alone = mixup_cutmix(flat_batch(5), {plans.back()});
    levels.push_back(alone.levels);
    targets.push_back(alone.targets);
  }
  REQUIRE((cut && blended));  // both kinds are among them
  const MixedBatch together = mixup_cutmix(
      {flat_batch(5).levels.repeat({6, 1, 1}), flat_batch(5).targets.repeat({6, 1})}, plans);
  CHECK(at::equal(together.levels, at::cat(levels)));
  CHECK(at::equal(together.targets, at::cat(targets)));
}

}  // namespace
}  // namespace fer::augment
