#include "fer/train/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "data/vote_fixtures.h"
#include "fer/core/error.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/threads.h"

namespace fer::train {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::largest_difference;
using Rows = std::vector<std::int64_t>;

// Image i has i in its first two pixels, so that a batch tells which rows it holds.
data::FaceSet numbered_set(const Rows& labels) {
  const auto count = static_cast<std::int64_t>(labels.size());
  at::Tensor images = at::zeros({count, kFaceSide, kFaceSide}, at::kByte);
  const at::Tensor numbers = at::arange(count);
  images.select(1, 0).select(1, 0).copy_(numbers.remainder(256));
  images.select(1, 0).select(1, 1).copy_(numbers.floor_divide(256));
  return test::set_of(images, labels);
}

// Images of FER2013's classes in turn.
data::FaceSet numbered_set(std::int64_t count) {
  Rows labels(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int64_t>(i % 7);
  return numbered_set(labels);
}

Rows rows_in(const Batch& batch) {
  const at::Tensor first_row = batch.levels.select(1, 0);
  const at::Tensor rows = first_row.select(1, 0) + first_row.select(1, 1) * 256.0;
  Rows found;
  for (std::int64_t i = 0; i < rows.size(0); ++i) found.push_back(rows[i].item<std::int64_t>());
  return found;
}

Rows rows_in(const std::vector<Batch>& batches) {
  Rows all;
  for (const Batch& batch : batches) {
    const Rows rows = rows_in(batch);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

// Without augmentation.
TrainOptions plain_options(std::int64_t batch_size) {
  TrainOptions options;
  options.batch_size = options.ghost_batch = batch_size;
  options.augment.rotation = 0.0;
  options.augment.flip = false;
  return options;
}

std::vector<Batch> epoch_of(Batches& batches, std::int64_t epoch, std::uint64_t seed) {
  const RandomStream stream(seed);
  batches.begin_epoch(epoch, stream);
  std::vector<Batch> all;
  for (std::int64_t step = 0; step < batches.steps_per_epoch(); ++step) {
    for (Batch& batch : batches.of_step(step)) {
      all.push_back(std::move(batch));
    }
  }
  return all;
}

TEST_CASE("An epoch shows every image once with its label, in an order that its stream decides",
          "[train][unit]") {
  Batches batches(numbered_set(300), plain_options(16), at::kCPU);
  const std::vector<Batch> epoch = epoch_of(batches, 0, 1);
  Rows rows = rows_in(epoch);
  CHECK(rows == rows_in(epoch_of(batches, 0, 1)));
  CHECK(rows != rows_in(epoch_of(batches, 0, 2)));
  for (const Batch& batch : epoch) {
    const Rows held = rows_in(batch);
    for (std::size_t i = 0; i < held.size(); ++i) {
      CHECK(batch.truth.labels[static_cast<std::int64_t>(i)].item<std::int64_t>() == held[i] % 7);
    }
    CHECK_FALSE(batch.truth.targets.defined());  // the labels suffice
  }
  std::sort(rows.begin(), rows.end());
  Rows all(300);
  std::iota(all.begin(), all.end(), 0);
  CHECK(rows == all);
}

TEST_CASE("Balanced sampling draws each class that has images as often, and each of its images",
          "[train][unit]") {
  // Three classes have 900, 90 and 10 images; the other four have none.
  Rows labels(900, 0);
  labels.insert(labels.end(), 90, 3);
  labels.insert(labels.end(), 10, 6);
  TrainOptions options = plain_options(250);
  options.loss.sampling = Sampling::balanced;
  Batches batches(numbered_set(labels), options, at::kCPU);
  constexpr std::uint64_t kEpochs = 5;
  std::vector<int> of_row(1000), of_class(7);
  for (std::uint64_t seed = 0; seed < kEpochs; ++seed) {
    const Rows rows = rows_in(epoch_of(batches, 0, seed));
    CHECK(rows.size() == 1000);  // as many as without balancing
    for (const std::int64_t row : rows) {
      ++of_row[static_cast<std::size_t>(row)];
      ++of_class[static_cast<std::size_t>(labels[static_cast<std::size_t>(row)])];
    }
  }
  // The counts are binomial; the bounds are five standard deviations away.
  constexpr double kDraws = 1000.0 * kEpochs;
  const auto near = [&](int count, double share) {
    return std::abs(count - kDraws * share) < 5.0 * std::sqrt(kDraws * share * (1.0 - share));
  };
  for (const std::size_t label : {0U, 3U, 6U}) CHECK(near(of_class[label], 1.0 / 3.0));
  for (std::size_t row = 990; row < 1000; ++row) CHECK(near(of_row[row], 1.0 / 30.0));
}

TEST_CASE("With repeats, neighbours are one image varied anew, and an epoch is as long as without",
          "[train][unit]") {
  TrainOptions options = plain_options(8);
  options.augment.repeats = 4;
  Batches batches(numbered_set(22), options, at::kCPU);
  CHECK(batches.steps_per_epoch() == 3);
  const Rows rows = rows_in(epoch_of(batches, 0, 1));
  REQUIRE(rows.size() == 22);
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i] == rows[i - i % 4]);
  CHECK(std::set<std::int64_t>(rows.begin(), rows.end()).size() == 6);  // ceil(22 / 4)

  options.augment.noise = 20.0;
  Batches noisy(numbered_set(22), options, at::kCPU);
  const at::Tensor levels = epoch_of(noisy, 0, 1).front().levels;
  for (std::int64_t i = 1; i < 4; ++i) CHECK_FALSE(at::equal(levels[i], levels[0]));
}

TEST_CASE("The last epochs that only flip show every image once, whatever the repeats",
          "[train][unit]") {
  TrainOptions options = plain_options(8);
  options.epochs = 2;
  options.augment.repeats = 4;
  options.augment.augment_off_last = 0.5;
  Batches batches(numbered_set(24), options, at::kCPU);
  const Rows first = rows_in(epoch_of(batches, 0, 1));
  const Rows last = rows_in(epoch_of(batches, 1, 1));
  CHECK(std::set<std::int64_t>(first.begin(), first.end()).size() == 6);
  CHECK(std::set<std::int64_t>(last.begin(), last.end()).size() == 24);
}

TEST_CASE("Images have the side of their epoch", "[train][unit]") {
  TrainOptions options = plain_options(8);
  options.epochs = 2;
  options.train_sizes = "32,48";
  Batches batches(numbered_set(8), options, at::kCPU);
  CHECK(epoch_of(batches, 0, 1).front().levels.sizes() == at::IntArrayRef({8, 32, 32}));
  CHECK(epoch_of(batches, 1, 1).front().levels.sizes() == at::IntArrayRef({8, 48, 48}));
}

// On a GPU, the images of many steps are augmented together.
TEST_CASE("What a batch holds does not depend on how many are varied at once", "[train][unit]") {
  TrainOptions options = plain_options(8);
  options.optimizer.accumulate = 2;
  options.augment.rotation = 10.0;
  options.augment.scale = 0.1;
  options.augment.brightness = 0.3;
  options.augment.cutout = 8;
  options.augment.mixup = 0.5;
  options.augment.cutmix = 0.5;
  Batches one(numbered_set(77), options, at::kCPU, 0);
  Batches many(numbered_set(77), options, at::kCPU, 48);
  const std::vector<Batch> first = epoch_of(one, 1, 3), second = epoch_of(many, 1, 3);
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(test::largest_difference(first[i].levels, second[i].levels) < 1e-3);
    CHECK(at::equal(first[i].truth.labels, second[i].truth.labels));
    CHECK(at::equal(first[i].truth.targets, second[i].truth.targets));
  }
}

TEST_CASE("A step met in mid-epoch holds what it holds in passing", "[train][unit]") {
  TrainOptions options = plain_options(8);
  options.augment.noise = 20.0;  // drawn for many steps at once
  Batches batches(numbered_set(80), options, at::kCPU, 32);
  const std::vector<Batch> epoch = epoch_of(batches, 0, 1);
  batches.begin_epoch(0, RandomStream(1));
  CHECK(at::equal(batches.of_step(6).front().levels, epoch[6].levels));
}

// For each step of an epoch, the number of images in each of its batches.
using Sizes = std::vector<std::vector<std::int64_t>>;

Sizes sizes_of(std::int64_t images, std::int64_t batch_size, std::int64_t accumulate) {
  TrainOptions options = plain_options(batch_size);
  options.optimizer.accumulate = accumulate;
  Batches batches(numbered_set(images), options, at::kCPU);
  const RandomStream stream(1);
  batches.begin_epoch(0, stream);
  Sizes sizes;
  for (std::int64_t step = 0; step < batches.steps_per_epoch(); ++step) {
    sizes.emplace_back();
    for (const Batch& batch : batches.of_step(step)) {
      CHECK(batch.truth.labels.size(0) == batch.levels.size(0));
      sizes.back().push_back(batch.levels.size(0));
    }
  }
  return sizes;
}

TEST_CASE("An epoch that ends early has the first steps of a whole one", "[train][unit]") {
  const data::FaceSet set = numbered_set(50);
  TrainOptions options = plain_options(8);
  Batches whole(set, options, at::kCPU);
  options.steps_per_epoch = 3;
  Batches early(set, options, at::kCPU);
  REQUIRE(whole.steps_per_epoch() == 7);
  REQUIRE(early.steps_per_epoch() == 3);
  CHECK(early.images() == 50);
  Rows first_epoch;
  for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
    const RandomStream stream = RandomStream(1).child(static_cast<std::uint64_t>(epoch));
    whole.begin_epoch(epoch, stream);
    early.begin_epoch(epoch, stream);
    Rows seen;
    for (std::int64_t step = 0; step < 3; ++step) {
      const Rows rows = rows_in(early.of_step(step));
      CHECK(rows == rows_in(whole.of_step(step)));
      CHECK(rows.size() == 8);
      seen.insert(seen.end(), rows.begin(), rows.end());
    }
    CHECK(seen != first_epoch);
    first_epoch = seen;
  }
  options.steps_per_epoch = 8;
  CHECK(Batches(set, options, at::kCPU).steps_per_epoch() == 7);
}

TEST_CASE("A single image left over joins the batch before, two make a batch", "[train][unit]") {
  CHECK(sizes_of(16, 8, 1) == Sizes{{8}, {8}});
  CHECK(sizes_of(17, 8, 1) == Sizes{{8}, {9}});
  CHECK(sizes_of(18, 8, 1) == Sizes{{8}, {8}, {2}});
  // Also with several batches in a step.
  CHECK(sizes_of(17, 4, 2) == Sizes{{4, 4}, {4, 5}});
  CHECK(sizes_of(21, 4, 2) == Sizes{{4, 4}, {4, 4}, {5}});
  CHECK(sizes_of(22, 4, 2) == Sizes{{4, 4}, {4, 4}, {4, 2}});
}

TEST_CASE("A batch goes through in parts of about the ghost batch, at least two images each",
          "[train][unit]") {
  const auto parts = [](std::int64_t images, std::int64_t batch_size, std::int64_t ghost) {
    TrainOptions options = plain_options(batch_size);
    options.ghost_batch = ghost;
    Batches batches(numbered_set(images), options, at::kCPU);
    std::vector<std::int64_t> sizes;
    for (const Batch& batch : epoch_of(batches, 0, 1)) sizes.push_back(batch.levels.size(0));
    return sizes;
  };
  CHECK(parts(64, 64, 0) == Rows{32, 32});  // 32 is the default
  CHECK(parts(64, 64, 64) == Rows{64});
  CHECK(parts(64, 64, 100) == Rows{64});
  CHECK(parts(64, 64, 20) == Rows{16, 16, 16, 16});
  CHECK(parts(97, 64, 32) == Rows{32, 32, 33});
  CHECK(parts(5, 8, 2) == Rows{2, 3});
  CHECK(parts(3, 8, 1) == Rows{3});
}

TEST_CASE("Ghost batches hold the images of the whole batch, in its order", "[train][unit]") {
  TrainOptions options = plain_options(40);
  options.augment.rotation = 10.0;
  options.augment.mixup = 0.5;
  options.ghost_batch = 40;
  Batches whole(numbered_set(40), options, at::kCPU);
  options.ghost_batch = 16;
  Batches ghosts(numbered_set(40), options, at::kCPU);
  const Batch batch = epoch_of(whole, 0, 1).front();
  std::vector<at::Tensor> levels, targets;
  for (const Batch& part : epoch_of(ghosts, 0, 1)) {
    levels.push_back(part.levels);
    targets.push_back(part.truth.targets);
  }
  REQUIRE(levels.size() == 3);
  CHECK(at::equal(at::cat(levels), batch.levels));
  CHECK(at::equal(at::cat(targets), batch.truth.targets));
}

TEST_CASE("Where batches are of one image, or there is but one, it stays alone", "[train][unit]") {
  CHECK(sizes_of(3, 1, 1) == Sizes{{1}, {1}, {1}});
  CHECK(sizes_of(3, 1, 2) == Sizes{{1, 1}, {1}});
  CHECK(sizes_of(1, 8, 1) == Sizes{{1}});
}

// The votes of four images: all for neutral; no face; 6 of 10 for surprise and 4 for anger;
// contempt, which is no class of FER2013.
data::FaceSet set_with_votes() {
  data::FaceSet set = numbered_set(Rows{0, 0, 0, 0});
  set.votes = test::votes_of({{10, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                              {0, 0, 0, 0, 0, 0, 0, 0, 0, 10},
                              {0, 0, 6, 0, 4, 0, 0, 0, 0, 0},
                              {0, 0, 0, 0, 0, 0, 0, 10, 0, 0}});
  return set;
}

TrainOptions voted_options(FerplusTargets targets, std::int64_t batch_size) {
  TrainOptions options = plain_options(batch_size);
  options.loss.ferplus_targets = targets;
  return options;
}

TEST_CASE("Images that votes reject are gone, and the others' targets are the votes' shares",
          "[train][unit]") {
  const at::Tensor neutral = at::tensor({0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 1.0F});
  const at::Tensor torn = at::tensor({0.4F, 0.0F, 0.0F, 0.0F, 0.0F, 0.6F, 0.0F});
  const at::Tensor surprise = at::tensor({0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 1.0F, 0.0F});
  for (const FerplusTargets mode : {FerplusTargets::crossentropy, FerplusTargets::majority}) {
    CAPTURE(choice_name(mode));
    Batches batches(set_with_votes(), voted_options(mode, 4), at::kCPU);
    CHECK(batches.class_counts() == Rows{0, 0, 0, 0, 0, 1, 1});
    const std::vector<Batch> epoch = epoch_of(batches, 0, 1);
    REQUIRE(epoch.size() == 1);
    const Rows rows = rows_in(epoch[0]);
    CHECK(std::set<std::int64_t>(rows.begin(), rows.end()) == std::set<std::int64_t>{0, 2});
    const at::Tensor& second = mode == FerplusTargets::majority ? surprise : torn;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto place = static_cast<std::int64_t>(i);
      CHECK(largest_difference(epoch[0].truth.targets[place], rows[i] == 0 ? neutral : second) <
            1e-6);
      CHECK(epoch[0].truth.labels[place].item<int>() == (rows[i] == 0 ? 6 : 5));
    }
  }
}

TEST_CASE("With a weight, votes and the data set's label share the target", "[train][unit]") {
  // All labels say angry; all votes on image 0 say neutral, six of ten on image 2 surprise.
  for (const double weight : {0.75, 0.25}) {
    CAPTURE(weight);
    TrainOptions options = voted_options(FerplusTargets::crossentropy, 4);
    options.loss.ferplus_weight = weight;
    Batches batches(set_with_votes(), options, at::kCPU);
    const Batch batch = epoch_of(batches, 0, 1).front();
    const Rows rows = rows_in(batch);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto place = static_cast<std::int64_t>(i);
      at::Tensor expected = at::zeros({7});
      if (rows[i] == 0) {
        expected[0] = 1.0 - weight;
        expected[6] = weight;
      } else {
        expected[0] = 1.0 - weight + 0.4 * weight;
        expected[5] = 0.6 * weight;
      }
      CHECK(largest_difference(batch.truth.targets[place], expected) < 1e-6);
      CHECK(batch.truth.labels[place].item<int>() == expected.argmax().item<int>());
    }
  }
}

TEST_CASE("Drawn labels are one class each time, as often as the votes say", "[train][unit]") {
  constexpr std::int64_t kImages = 50;
  constexpr std::uint64_t kEpochs = 40;
  data::FaceSet set = numbered_set(kImages);
  set.votes = set_with_votes().votes.narrow(0, 2, 1).expand({kImages, 10}).contiguous();
  Batches batches(set, voted_options(FerplusTargets::probability, kImages), at::kCPU);
  at::Tensor drawn = at::zeros({7});
  for (std::uint64_t seed = 0; seed < kEpochs; ++seed) {
    const at::Tensor targets = epoch_of(batches, 0, seed).front().truth.targets;
    CHECK(targets.eq(1.0).sum(1).eq(1).all().item<bool>());
    CHECK(targets.sum(1).eq(1.0).all().item<bool>());
    drawn += targets.sum(0);
  }
  // Of 2,000 draws, 1,200 are expected to be surprise, the others anger.
  const double surprised = drawn[5].item<double>();
  CHECK(std::abs(surprised - 1200.0) < 5.0 * std::sqrt(2000.0 * 0.6 * 0.4));
  CHECK(drawn[0].item<double>() == 2000.0 - surprised);
}

TEST_CASE("Targets from votes need votes, and some that reject not every image", "[train][unit]") {
  CHECK_THROWS_MATCHES(
      Batches(numbered_set(7), voted_options(FerplusTargets::crossentropy, 4), at::kCPU), Error,
      MessageMatches(ContainsSubstring("\"ferplus_targets\" crossentropy") &&
                     ContainsSubstring("with \"ferplus\"")));
  data::FaceSet nobody = numbered_set(2);
  nobody.votes = set_with_votes().votes.narrow(0, 1, 1).expand({2, 10}).contiguous();
  CHECK_THROWS_MATCHES(Batches(nobody, voted_options(FerplusTargets::majority, 4), at::kCPU), Error,
                       MessageMatches(ContainsSubstring("reject every training image")));
}

TEST_CASE("A rank's batches are those that it has in the whole step, and of the others the sizes",
          "[train][unit]") {
  TrainOptions options;
  options.batch_size = 23;
  options.ghost_batch = 5;
  options.optimizer.accumulate = 2;
  SECTION("of images that vary by themselves") {
    options.augment.scale = 0.1;
    options.augment.crop_padding = 2;
    options.augment.brightness = options.augment.contrast = options.augment.gamma = 0.3;
    options.augment.cutout = 8;
  }
  SECTION("of images that only move, some of them") {
    options.augment.rotation = 0.0;
    options.augment.crop_padding = 1;
  }
  SECTION("of images whose change depends on the batch") {
    const int kind = GENERATE(0, 1, 2, 3, 4);
    options.augment.noise = kind == 0 ? 8.0 : 0.0;
    options.augment.blur = kind == 1 ? 1.0 : 0.0;
    options.augment.erasing = kind == 2 ? 0.5 : 0.0;
    options.augment.camera = kind == 3 ? 0.5 : 0.0;
    options.augment.randaugment = kind == 4 ? 2 : 0;
  }
  SECTION("of images that are mixed") { options.augment.mixup = 0.4; }
  const test::Threads threads(1);  // as in steps that are computed in parts
  Batches batches(numbered_set(130), options, at::kCPU);
  for (std::int64_t step = 0; step < batches.steps_per_epoch(); ++step) {
    batches.begin_epoch(0, RandomStream(3));
    const std::vector<Batch> whole = batches.of_step(step);
    for (std::size_t rank = 0; rank < 3; ++rank) {
      batches.begin_epoch(0, RandomStream(3));
      const StepShare share{.networks = whole.size(), .rank = rank, .ranks = 3};
      const std::vector<Batch> some = batches.of_step(step, share);
      REQUIRE(some.size() == whole.size());
      for (std::size_t i = 0; i < some.size(); ++i) {
        CAPTURE(step, rank, i);
        CHECK(some[i].levels.sizes() == whole[i].levels.sizes());
        CHECK(some[i].levels.is_meta() != share.own_parts(some.size()).contains(i));
        if (some[i].levels.is_meta()) continue;
        CHECK(at::equal(some[i].levels, whole[i].levels));
        CHECK(at::equal(some[i].truth.labels, whole[i].truth.labels));
        if (!whole[i].truth.targets.defined()) continue;
        CHECK(at::equal(some[i].truth.targets, whole[i].truth.targets));
      }
    }
  }
}

}  // namespace
}  // namespace fer::train
