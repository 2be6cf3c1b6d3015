#include "fer/train/cross_predict.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <atomic>
#include <map>
#include <vector>

#include "fer/core/error.h"
#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer {
namespace {

const std::atomic<bool> kGoOn{false};

// A recipe that takes a moment.
TrainOptions tiny_recipe(std::int64_t epochs) {
  TrainOptions options = short_recipe(70);
  options.net.width = 0.34;
  options.net.stem_stride = 2;
  options.sides = "48";
  options.epochs = epochs;
  options.batch_size = 16;
  options.amp = "off";
  return options;
}

TEST_CASE("Folds share classes evenly and keep equal images together", "[train][unit]") {
  FaceSet set = make_synthetic_set(70, 1);
  set.images[60].copy_(set.images[2]);
  set.images[33].copy_(set.images[2]);
  const std::vector<std::int64_t> folds = deal_folds(set, 3, RandomStream(4));
  REQUIRE(folds.size() == 70);
  CHECK(folds[60] == folds[2]);
  CHECK(folds[33] == folds[2]);
  std::map<std::pair<std::int64_t, std::int64_t>, int> counts;
  for (std::size_t row = 0; row < folds.size(); ++row) {
    ++counts[{set.labels[static_cast<std::int64_t>(row)].item<std::int64_t>(), folds[row]}];
  }
  CHECK(counts.size() == 21);  // ten of each class, so 3 or 4 a fold but for the two that moved
  for (const auto& [place, count] : counts) CHECK((count >= 2 && count <= 6));
  CHECK(deal_folds(set, 3, RandomStream(4)) == folds);
  CHECK(deal_folds(set, 3, RandomStream(5)) != folds);
}

TEST_CASE("An image's own label does not reach the network that is asked about it",
          "[train][unit]") {
  // With other labels in fold 0 alone, the network asked about fold 0 learns the same.
  const FaceSet set = make_synthetic_set(70, 1);
  const std::vector<std::int64_t> folds = deal_folds(set, 2, RandomStream(1).child("folds"));
  FaceSet swapped = set;
  swapped.labels = set.labels.clone();
  // Two images of fold 0 change labels, so that classes stay as large and folds as they are.
  std::int64_t a = -1, b = -1;
  for (std::int64_t row = 0; row < 70; ++row) {
    if (folds[static_cast<std::size_t>(row)] != 0) continue;
    if (a < 0) a = row;
    if (a >= 0 && set.labels[row].item<std::int64_t>() != set.labels[a].item<std::int64_t>())
      b = row;
  }
  REQUIRE(b >= 0);
  swapped.labels[a].copy_(set.labels[b]);
  swapped.labels[b].copy_(set.labels[a]);
  if (deal_folds(swapped, 2, RandomStream(1).child("folds")) != folds) return;  // dealt otherwise
  const auto ask = [](const FaceSet& asked) {
    return cross_predict(asked, 2, tiny_recipe(1), RandomStream(1), kGoOn, [](auto, auto) {});
  };
  const at::Tensor before = ask(set), after = ask(swapped);
  CHECK(at::equal(before[a], after[a]));
  CHECK(before.sizes() == at::IntArrayRef({70, 7}));
  CHECK(test::largest_difference(before.sum(1), at::ones({70})) < 1e-5);
}

TEST_CASE("Networks that saw the other folds know synthetic faces far better than chance",
          "[train][integration]") {
  const FaceSet set = make_synthetic_set(280, 1);
  TrainOptions recipe = short_recipe(280);
  recipe.epochs = 40;
  std::int64_t last = 0, all = 0;
  const at::Tensor probabilities = cross_predict(set, 2, recipe, RandomStream(1), kGoOn,
                                                 [&](std::int64_t done, std::int64_t of) {
                                                   CHECK(done == last + 1);
                                                   last = done;
                                                   all = of;
                                                 });
  CHECK(last == all);
  const double right = probabilities.argmax(1).eq(set.labels).to(at::kDouble).mean().item<double>();
  CHECK(right > 0.35);  // chance is a seventh
}

TEST_CASE("Cross-prediction ends early where it is told to, without a result", "[train][unit]") {
  const FaceSet set = make_synthetic_set(70, 1);
  std::atomic<bool> stop{false};
  const at::Tensor none = cross_predict(set, 2, tiny_recipe(5), RandomStream(1), stop,
                                        [&](std::int64_t, std::int64_t) { stop = true; });
  CHECK_FALSE(none.defined());
}

TEST_CASE("Few images are gone through more often", "[train][unit]") {
  CHECK(short_recipe(28'709).epochs == 7);
  CHECK(short_recipe(10'000).epochs == 20);
  CHECK(short_recipe(100).epochs == 100);
  short_recipe(28'709).validate();
}

}  // namespace
}  // namespace fer
