#include "fer/train/out_of_fold_predictions.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <atomic>
#include <vector>

#include "fer/core/error.h"
#include "fer/data/folds.h"
#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::train {
namespace {

const std::atomic<bool> kGoOn{false};

// A recipe that trains in a moment.
TrainOptions tiny_recipe(std::int64_t epochs) {
  TrainOptions options = short_recipe(70, 48);
  options.net.width = 0.34;
  options.net.stem_stride = 2;
  options.train_sizes = "48";
  options.epochs = epochs;
  options.batch_size = 16;
  options.amp = MixedPrecision::off;
  return options;
}

TEST_CASE("An image's own label does not reach the network that is asked about it",
          "[train][unit]") {
  // Two neighbours in fold 0 swap labels. Each keeps its place in the order of its new class, so
  // the folds do not change.
  const data::FaceSet set = data::make_synthetic_set(70, 1);
  const std::vector<std::int64_t> folds = data::deal_folds(set, 2, RandomStream(1).child("folds"));
  std::size_t a = 0;
  while (a + 1 < folds.size() && !(folds[a] == 0 && folds[a + 1] == 0)) ++a;
  REQUIRE(a + 1 < folds.size());
  const auto first = static_cast<std::int64_t>(a);
  data::FaceSet swapped = set;
  swapped.labels = set.labels.clone();
  swapped.labels[first].copy_(set.labels[first + 1]);
  swapped.labels[first + 1].copy_(set.labels[first]);
  REQUIRE(data::deal_folds(swapped, 2, RandomStream(1).child("folds")) == folds);
  const auto ask = [](const data::FaceSet& asked) {
    return out_of_fold_predictions(asked, 2, tiny_recipe(1), RandomStream(1), kGoOn,
                                   [](auto, auto) {});
  };
  const at::Tensor before = ask(set), after = ask(swapped);
  CHECK(before.sizes() == at::IntArrayRef({70, 7}));
  CHECK(test::largest_difference(before.sum(1), at::ones({70})) < 1e-5);
  const at::Tensor own = at::tensor(folds, at::kLong).eq(0);
  const auto part = [](const at::Tensor& all, const at::Tensor& rows) {
    return all.index_select(0, rows.nonzero().squeeze(1));
  };
  CHECK(at::equal(part(before, own), part(after, own)));
  // Models that learn from the two images change.
  CHECK_FALSE(at::equal(part(before, own.logical_not()), part(after, own.logical_not())));
}

TEST_CASE("Networks that saw the other folds know synthetic faces far better than chance",
          "[train][integration]") {
  const data::FaceSet set = data::make_synthetic_set(280, 1);
  TrainOptions recipe = short_recipe(280, 48);
  recipe.epochs = 40;
  std::int64_t last = 0, all = 0;
  const at::Tensor probabilities = out_of_fold_predictions(set, 2, recipe, RandomStream(1), kGoOn,
                                                           [&](std::int64_t done, std::int64_t of) {
                                                             CHECK(done == last + 1);
                                                             last = done;
                                                             all = of;
                                                           });
  CHECK(last == all);
  const double right = probabilities.argmax(1).eq(set.labels).to(at::kDouble).mean().item<double>();
  CHECK(right > 0.25);  // chance: 1/7, with a deviation of 0.02
}

TEST_CASE("Out-of-fold predictions end early when stopped, without a result", "[train][unit]") {
  const data::FaceSet set = data::make_synthetic_set(70, 1);
  std::atomic<bool> stop{false};
  const at::Tensor none = out_of_fold_predictions(set, 2, tiny_recipe(5), RandomStream(1), stop,
                                                  [&](std::int64_t, std::int64_t) { stop = true; });
  CHECK_FALSE(none.defined());
}

TEST_CASE("Few images are gone through more often", "[train][unit]") {
  CHECK(short_recipe(28'709, 48).epochs == 7);
  CHECK(short_recipe(10'000, 48).epochs == 20);
  CHECK(short_recipe(100, 48).epochs == 100);
  short_recipe(28'709, 48).validate();
}

}  // namespace
}  // namespace fer::train
