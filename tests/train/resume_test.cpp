// A run that is stopped and resumed gives the result of a run that never stopped:
// fer/train/trainer.h with fer/train/checkpoint.h.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/processor.h"
#include "fer/nn/architectures.h"
#include "fer/train/freeze.h"
#include "fer/train/trainer.h"
#include "support/catch.h"
#include "train/training_fixtures.h"

namespace fer::train {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::bytes_of;
using test::check_same_history;
using test::check_same_tensors;
using test::cnn_options;
using test::cnn_run;
using test::new_folder;
using test::scale_options;
using test::scale_run;
using test::TemporaryFolder;
using test::TinyRun;

TEST_CASE("six epochs in one go equal three and three after a resume, bit for bit",
          "[train][integration]") {
  const TemporaryFolder parent;
  const auto whole = cnn_run(new_folder(parent), cnn_options(6));
  REQUIRE(whole->run() == TrainingEnd::finished);
  const RunFolder folder = new_folder(parent);
  REQUIRE(cnn_run(folder, cnn_options(3))->run() == TrainingEnd::finished);
  // Starts from other weights: everything must come from the checkpoint.
  const data::FaceSet set = data::make_synthetic_set(350, 1);
  TinyRun resumed(test::fresh_model(99), set.only(data::Split::train), set.only(data::Split::val),
                  cnn_options(6), RunFolder::open(folder.path()));
  CHECK(resumed.trainer().resume().recipe == R"({"some":"recipe"})");
  REQUIRE(resumed.run() == TrainingEnd::finished);
  CHECK(resumed.observer.steps.front().epoch == 4);
  check_same_tensors(whole->folder(), folder);
  check_same_history(whole->state(), resumed.state());
}

TEST_CASE("a run interrupted in the middle of an epoch goes on bit for bit",
          "[train][integration]") {
  const TemporaryFolder parent;
  const auto whole = cnn_run(new_folder(parent), cnn_options(3));
  REQUIRE(whole->run() == TrainingEnd::finished);
  const RunFolder folder = new_folder(parent);
  const auto interrupted = cnn_run(folder, cnn_options(3));
  interrupted->observer.stop_epoch = 2;
  REQUIRE(interrupted->run() == TrainingEnd::interrupted);
  CHECK(interrupted->state().epochs_done() == 1);
  CHECK(interrupted->state().progress.step == 20);
  CHECK(interrupted->state().progress.seen == 160);
  const auto resumed = cnn_run(folder, cnn_options(3));
  resumed->trainer().resume();
  CHECK(resumed->state().progress.step == 20);
  REQUIRE(resumed->run() == TrainingEnd::finished);
  check_same_tensors(whole->folder(), folder);
  check_same_history(whole->state(), resumed->state());
}

// `make(folder)` gives the same run of four epochs each time. One is trained without a stop and
// returned, one is stopped in the middle of epochs 2 and 4 and resumed.
template <typename Make>
std::unique_ptr<TinyRun> check_goes_on(const TemporaryFolder& parent, const Make& make) {
  std::unique_ptr<TinyRun> whole = make(new_folder(parent));
  REQUIRE(whole->run() == TrainingEnd::finished);
  const RunFolder folder = new_folder(parent);
  for (const std::int64_t stop_epoch : {2, 4}) {
    const std::unique_ptr<TinyRun> part = make(folder);
    if (stop_epoch > 2) part->trainer().resume();
    part->observer.stop_epoch = stop_epoch;
    REQUIRE(part->run() == TrainingEnd::interrupted);
    CHECK(part->state().epochs_done() == stop_epoch - 1);
    CHECK(part->state().progress.step == 20);
  }
  const std::unique_ptr<TinyRun> rest = make(folder);
  rest->trainer().resume();
  REQUIRE(rest->run() == TrainingEnd::finished);
  check_same_tensors(whole->folder(), folder);
  check_same_history(whole->state(), rest->state());
  return whole;
}

nn::Model model_for(const TrainOptions& options) {
  at::set_num_threads(1);
  nn::Model model = test::fresh_model(1);
  model.info.architecture = options.arch;
  model.info.net = options.net;
  model.net = nn::make_classifier(options.arch, 7, options.net);
  return model;
}

// All options that draw random numbers or keep state, on a narrow network.
TrainOptions everything(std::int64_t epochs) {
  TrainOptions options = cnn_options(epochs);
  options.batch_size = 4;  // 21 steps an epoch: enough to be stopped in the middle of one
  options.arch = "nano";
  options.net.width = 0.34;
  options.net.drop_path = 0.2;
  options.net.dropout = 0.1;
  options.train_sizes = "24,32";
  options.optimizer.optimizer = OptimizerKind::sgd;
  options.optimizer.lr = 0.02;
  options.optimizer.sam = SamKind::asam;
  options.optimizer.accumulate = 2;
  options.optimizer.clip_grad = 1.0;
  options.optimizer.ema = 0.9;
  options.schedule.schedule = ScheduleKind::onecycle;
  options.loss.label_smoothing = 0.1;
  options.loss.class_weights = ClassWeights::effective;
  options.loss.sampling = Sampling::balanced;
  options.augment.mixup = 0.3;
  options.augment.cutmix = 1.0;
  options.augment.erasing = 0.5;
  options.augment.randaugment = 2;
  options.augment.noise = 5.0;
  options.augment.repeats = 2;
  options.augment.augment_off_last = 0.25;
  return options;
}

TEST_CASE("with every feature on, a run that stops twice is the run that never stopped",
          "[train][integration]") {
  const TemporaryFolder parent;
  const auto whole = check_goes_on(parent, [](const RunFolder& folder) {
    const TrainOptions options = everything(4);
    const data::FaceSet set = data::make_synthetic_set(210, 1);
    return std::make_unique<TinyRun>(model_for(options), set.only(data::Split::train),
                                     set.only(data::Split::val), options, folder);
  });
  CHECK(std::filesystem::exists(whole->folder().best_raw_model()));
}

// Options with state or external input: a schedule that follows the scores, labels drawn from
// votes, a teacher, frozen parameters.
TrainOptions followers(MixedPrecision amp) {
  TrainOptions options = cnn_options(4);
  options.batch_size = 4;
  options.arch = "nano";
  options.net.width = 0.34;
  options.optimizer.optimizer = OptimizerKind::adamw;
  options.optimizer.weight_decay = 0.05;
  options.schedule.schedule = ScheduleKind::plateau;
  options.schedule.step_factor = 0.5;
  options.schedule.plateau_patience = 0;
  options.loss.loss = LossKind::focal;
  options.loss.ferplus_targets = FerplusTargets::probability;
  options.loss.distill_weight = 0.3;
  options.amp = amp;
  return options;
}

// uint8 [N,10]: a third of the images has one emotion, a third two, a third is not a face.
at::Tensor mixed_votes(std::int64_t count) {
  at::Tensor votes = at::zeros({count, 10}, at::kByte);
  for (std::int64_t i = 0; i < count; ++i) {
    if (i % 3 == 2) {
      votes[i][9].fill_(10);
    } else {
      votes[i][i % 7].fill_(6);
      votes[i][i % 3 == 0 ? i % 7 : (i + 1) % 7].add_(4);
    }
  }
  return votes;
}

// Validated on identical faces: the score never changes, so the learning rate falls.
std::unique_ptr<TinyRun> follower_run(const RunFolder& folder, const TrainOptions& options) {
  nn::Model model = model_for(options);
  freeze_parameters(*model.net, {"stem*"});
  data::FaceSet train = data::make_synthetic_set(210, 1).only(data::Split::train);
  train.votes = mixed_votes(train.size());
  data::FaceSet val =
      test::set_of(at::full({7, kFaceSide, kFaceSide}, 128, at::kByte), {0, 1, 2, 3, 4, 5, 6});
  std::vector<nn::Model> teachers = {test::fresh_model(3)};
  return std::make_unique<TinyRun>(std::move(model), std::move(train), std::move(val), options,
                                   folder, 1, std::move(teachers));
}

TEST_CASE("a falling rate, drawn labels, a teacher and frozen parts go on bit for bit after a stop",
          "[train][integration]") {
  const TemporaryFolder parent;
  const TrainOptions options = followers(MixedPrecision::off);
  const auto whole =
      check_goes_on(parent, [&](const RunFolder& folder) { return follower_run(folder, options); });
  const std::vector<EpochReport>& history = whole->state().history;
  CHECK(history[1].lr == 1e-3);
  CHECK(history[2].lr == 0.5e-3);
  CHECK(history[3].lr == 0.25e-3);
  const auto start = nn::named_weights(*model_for(options).net);
  const auto end = nn::named_weights(*whole->model().net);
  CHECK(at::equal(start.at("stem.weight"), end.at("stem.weight")));
  CHECK(at::equal(start.at("stem_norm.running_mean"), end.at("stem_norm.running_mean")));
  CHECK_FALSE(at::equal(start.at("logits.weight"), end.at("logits.weight")));
}

TEST_CASE("a run in bf16 that stops twice is the run that never stopped", "[train][integration]") {
  if (!processor_has_bf16()) FER_SKIP("this processor has no bf16");
  const TemporaryFolder parent;
  check_goes_on(parent, [](const RunFolder& folder) {
    return follower_run(folder, followers(MixedPrecision::bf16));
  });
}

TEST_CASE("a run that is done stays as it is when it is resumed", "[train][unit]") {
  const TemporaryFolder parent;
  TrainOptions options = scale_options(Monitor::val_accuracy);
  options.patience = 2;
  const RunFolder folder = new_folder(parent);
  scale_run(folder, options)->run();
  const std::string before = bytes_of(folder.checkpoint());
  const auto resumed = scale_run(folder, options);
  resumed->trainer().resume();
  CHECK(resumed->run() == TrainingEnd::stopped_early);
  CHECK(resumed->observer.steps.empty());
  CHECK(bytes_of(folder.checkpoint()) == before);
}

TEST_CASE("a run of another network or of other images cannot be resumed", "[train][unit]") {
  const TemporaryFolder parent;
  const RunFolder folder = new_folder(parent);
  TrainOptions options = scale_options(Monitor::val_loss);
  options.epochs = 1;
  scale_run(folder, options)->run();
  CHECK_THROWS_MATCHES(cnn_run(folder, cnn_options(2))->trainer().resume(), Error,
                       MessageMatches(ContainsSubstring("last.ckpt")));
  const data::FaceSet other = test::set_of(test::faces_taken_for({0, 1}), {0, 1});
  TinyRun run(test::pixel_model().model, other, other, options, folder);
  CHECK_THROWS_MATCHES(
      run.trainer().resume(), Error,
      MessageMatches(ContainsSubstring(folder.path().string()) &&
                     ContainsSubstring("other images") && ContainsSubstring(other.fingerprint())));
}

}  // namespace
}  // namespace fer::train
