#include "fer/train/trainer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "data/vote_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/eval/evaluate.h"
#include "fer/nn/architectures.h"
#include "fer/nn/normalise.h"
#include "fer/tensors/safetensors.h"
#include "fer/train/best_models.h"
#include "support/catch.h"
#include "support/input_spec.h"
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

TEST_CASE("gradients of several small batches make the step of one large batch", "[train][unit]") {
  const TemporaryFolder parent;
  TrainOptions options = cnn_options(1);
  options.net.dropout = 0.0;
  options.augment.rotation = 0.0;
  options.augment.flip = false;
  options.optimizer.optimizer = OptimizerKind::sgd;
  const auto weights_after = [&](std::int64_t batch_size, std::int64_t accumulate) {
    options.batch_size = batch_size;
    options.optimizer.accumulate = accumulate;
    const data::FaceSet set = data::make_synthetic_set(70, 1);
    nn::Model model = test::fresh_model(1);
    model.info.net = options.net;
    model.net = nn::make_classifier("seed-cnn", 7, options.net);
    const at::NoGradGuard no_grad;
    torch::manual_seed(5);
    for (at::Tensor& weight : model.net->parameters()) weight.copy_(at::randn_like(weight) * 0.05);
    TinyRun run(std::move(model), set.only(data::Split::train), set.only(data::Split::val), options,
                new_folder(parent));
    const at::AutoGradMode with_gradients(true);
    run.run();
    return tensors::read_safetensors(run.folder().checkpoint()).tensors;
  };
  const auto large = weights_after(16, 1);
  for (const auto& [name, tensor] : weights_after(4, 4)) {
    CAPTURE(name);
    CHECK(test::largest_difference(tensor, large.at(name)) < 1e-6);
  }
}

TEST_CASE("the same seed trains the same weights, another seed others", "[train][integration]") {
  const TemporaryFolder parent;
  const auto first = cnn_run(new_folder(parent), cnn_options(1), 5, 2);
  const auto again = cnn_run(new_folder(parent), cnn_options(1), 5, 2);
  const auto other = cnn_run(new_folder(parent), cnn_options(1), 6, 2);
  for (TinyRun* run : {first.get(), again.get(), other.get()}) run->run();
  check_same_tensors(first->folder(), again->folder());
  check_same_history(first->state(), again->state());
  CHECK(first->state().history[0].train_loss != other->state().history[0].train_loss);
}

TEST_CASE("the stream alone, with equal first weights, decides order and augmentation",
          "[train][integration]") {
  at::set_num_threads(1);
  const TemporaryFolder parent;
  const data::FaceSet set = data::make_synthetic_set(70, 1);
  double loss[2] = {};
  for (const std::uint64_t seed : {0U, 1U}) {
    TinyRun run(test::fresh_model(1), set.only(data::Split::train), set.only(data::Split::val),
                cnn_options(1), new_folder(parent), seed);
    run.run();
    loss[seed] = run.state().history[0].train_loss;
  }
  CHECK(loss[0] != loss[1]);
}

TEST_CASE("training reports every image of an epoch once and learns", "[train][integration]") {
  const TemporaryFolder parent;
  TrainOptions options = cnn_options(4);
  options.batch_size = 64;  // 280 images: four batches of 64 and one of 24
  const auto run = cnn_run(new_folder(parent), options);
  run->run();
  REQUIRE(run->observer.steps.size() == 4);  // a report at the end of each epoch
  for (const StepReport& step : run->observer.steps) {
    CHECK(step.step == 5);
    CHECK(step.steps == 5);
    // A mean over 280 images is a multiple of 1/280.
    const double correct = step.accuracy * 280.0;
    CHECK(std::abs(correct - std::round(correct)) < 1e-9);
  }
  CHECK(run->state().history.back().train_loss < run->state().history.front().train_loss);
}

TEST_CASE("the loss of an epoch is the mean over its images, the last short batch included",
          "[train][unit]") {
  // Hand-worked: the scale stays 1 (lr 0), so each face has margin 4 against six classes:
  // ln(1 + 6 e^-4). Seven faces in batches of 5 and 2.
  const TemporaryFolder parent;
  TrainOptions options = scale_options(Monitor::val_loss);
  options.optimizer.lr = 0.0;
  options.epochs = 1;
  options.batch_size = 5;
  const auto run = scale_run(new_folder(parent), options);
  run->run();
  const EpochReport& report = run->state().history.at(0);
  CHECK(std::abs(report.train_loss - std::log1p(6.0 * std::exp(-4.0))) < 1e-6);
  CHECK(report.train_accuracy == 1.0);
  CHECK(std::abs(report.val_accuracy - 0.99) < 1e-12);
}

TEST_CASE("the monitored score decides which epoch is best", "[train][unit]") {
  const TemporaryFolder parent;
  for (const Monitor monitor : {Monitor::val_accuracy, Monitor::val_balanced_accuracy}) {
    CAPTURE(choice_name(monitor));
    // Neither score ever changes; among equals, the first is kept.
    const auto run = scale_run(new_folder(parent), scale_options(monitor));
    CHECK(run->run() == TrainingEnd::finished);
    CHECK(run->state().best_epoch == 1);
  }
  const auto run = scale_run(new_folder(parent), scale_options(Monitor::val_loss));
  run->run();
  const auto& history = run->state().history;
  const auto least = std::min_element(
      history.begin(), history.end(),
      [](const EpochReport& a, const EpochReport& b) { return a.val_loss < b.val_loss; });
  CHECK(run->state().best_epoch == least->epoch);
  CHECK(run->state().best_epoch > 5);
  CHECK(run->state().best_epoch < 30);
  CHECK(run->state().best_score == -least->val_loss);
}

// Seven faces that are all classified as labelled. By the votes, three have a majority, and one of
// these is misclassified.
std::unique_ptr<TinyRun> voted_run(const RunFolder& folder, const TrainOptions& options) {
  const std::vector<std::int64_t> classes = {0, 1, 2, 3, 4, 5, 6};
  const data::FaceSet train = test::set_of(test::faces_taken_for(classes), classes);
  data::FaceSet val = train;
  const test::VoteRow torn = {0, 5, 5, 0, 0, 0, 0, 0, 0, 0};
  const test::VoteRow neutral = {10, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  std::vector<test::VoteRow> votes(7, torn);
  votes[6] = neutral;                          // as predicted
  votes[4] = neutral;                          // predicted sad
  votes[3] = {0, 10, 0, 0, 0, 0, 0, 0, 0, 0};  // happy
  val.votes = test::votes_of(votes);
  return std::make_unique<TinyRun>(test::pixel_model().model, train, val, options, folder);
}

TEST_CASE("With votes, an epoch is scored by the majority, too", "[train][unit]") {
  const TemporaryFolder parent;
  TrainOptions options = scale_options(Monitor::val_combined);
  options.epochs = 1;
  const auto run = voted_run(new_folder(parent), options);
  run->run();
  const EpochReport& report = run->state().history.at(0);
  CHECK(report.val_accuracy == 1.0);
  CHECK(report.val_ferplus_accuracy == 2.0 / 3.0);
  CHECK(report.val_ferplus_balanced_accuracy == 0.75);  // neutral 1 of 2, happy 1 of 1
  CHECK(std::abs(report.val_combined - (1.0 + 2.0 / 3.0 + 0.75) / 3.0) < 1e-12);
  CHECK(run->state().best_score == report.val_combined);
}

TEST_CASE("A score by votes needs votes", "[train][unit]") {
  const TemporaryFolder parent;
  CHECK_THROWS_MATCHES(
      scale_run(new_folder(parent), scale_options(Monitor::val_ferplus_accuracy)), Error,
      MessageMatches(ContainsSubstring("\"monitor\" val_ferplus_accuracy: needs FER+'s votes")));
  // The votes have no majority for any class.
  const std::vector<std::int64_t> classes = {0, 1};
  data::FaceSet torn = test::set_of(test::faces_taken_for(classes), classes);
  torn.votes = test::votes_of(std::vector<test::VoteRow>(2, {0, 5, 5, 0, 0, 0, 0, 0, 0, 0}));
  CHECK_THROWS_MATCHES(TinyRun(test::pixel_model().model, torn, torn,
                               scale_options(Monitor::val_combined), new_folder(parent)),
                       Error, MessageMatches(ContainsSubstring("\"monitor\" val_combined: needs")));
}

TEST_CASE("training stops after patience epochs without a better score and keeps the best weights",
          "[train][unit]") {
  const TemporaryFolder parent;
  TrainOptions options = scale_options(Monitor::val_loss);
  options.patience = 3;
  const auto run = scale_run(new_folder(parent), options);
  CHECK(run->run() == TrainingEnd::stopped_early);
  const TrainingState& state = run->state();
  CHECK(state.epochs_done() == state.best_epoch + 3);
  CHECK(state.epochs_done() < options.epochs);
  std::vector<bool> improvements(static_cast<std::size_t>(state.best_epoch), true);
  improvements.insert(improvements.end(), 3, false);
  CHECK(run->observer.improvements == improvements);
  // The scale with the lowest loss, not the last one, three steps later.
  const auto scale = [](const std::filesystem::path& path, const char* name) {
    return tensors::read_safetensors(path).tensors.at(name).item<double>();
  };
  const double kept = scale(run->folder().best_model(), "scale");
  const double last = scale(run->folder().checkpoint(), "net/scale");
  CHECK(std::abs(kept - 1.6) < 0.05);
  CHECK(last - kept > 0.05);
}

TEST_CASE("the best model says which epoch it is of and what it scored", "[train][integration]") {
  const TemporaryFolder parent;
  const auto run = cnn_run(new_folder(parent), cnn_options(3));
  run->run();
  const TrainingState& state = run->state();
  const nn::Model best = nn::load_model(run->folder().best_model());
  const EpochReport& report = state.history.at(static_cast<std::size_t>(state.best_epoch - 1));
  CHECK(best.info.training.epoch == state.best_epoch);
  CHECK(best.info.training.val_accuracy == report.val_accuracy);
  // The kept model gives exactly the scores that training reported.
  const data::FaceSet val = data::make_synthetic_set(350, 1).only(data::Split::val);
  const eval::Evaluation evaluation = eval::evaluate(best, val, kEvaluationBatch);
  CHECK(evaluation.report.accuracy == report.val_accuracy);
  CHECK(evaluation.report.nll == report.val_loss);
}

TEST_CASE("The raw weights beside an average are kept with what they scored themselves",
          "[train][integration]") {
  const TemporaryFolder parent;
  TrainOptions options = cnn_options(4);
  options.batch_size = 4;
  options.monitor = Monitor::val_loss;
  options.optimizer.ema = 0.99;  // the average lags some epochs behind the weights
  const auto run = cnn_run(new_folder(parent), options);
  run->run();
  const auto best = static_cast<std::size_t>(run->state().best_epoch - 1);
  const EpochReport& report = run->state().history.at(best);
  const double raw = report.val_raw_accuracy;
  CHECK(raw != report.val_accuracy);  // otherwise mixing up the two would not show
  const nn::Model model = nn::load_model(run->folder().best_raw_model());
  CHECK(model.info.training.val_accuracy == raw);
  const data::FaceSet val = data::make_synthetic_set(350, 1).only(data::Split::val);
  CHECK(eval::evaluate(model, val, kEvaluationBatch).report.accuracy == raw);
  CHECK(nn::load_model(run->folder().best_model()).info.training.val_accuracy ==
        report.val_accuracy);
}

TEST_CASE("results.csv has a row an epoch, and after a resume too", "[train][unit]") {
  const TemporaryFolder parent;
  TrainOptions options = scale_options(Monitor::val_loss);
  options.epochs = 2;
  const RunFolder folder = new_folder(parent);
  scale_run(folder, options)->run();
  options.epochs = 5;
  const auto resumed = scale_run(folder, options);
  resumed->trainer().resume();
  resumed->run();
  CHECK(bytes_of(folder.results()) == results_csv(resumed->state().history));
  CHECK(resumed->state().history.size() == 5);
}

TEST_CASE("What a run did not come to after its last checkpoint is made up for when it is resumed",
          "[train][unit]") {
  const TemporaryFolder parent;
  TrainOptions options = scale_options(Monitor::val_loss);
  options.epochs = 5;
  const RunFolder folder = new_folder(parent);
  scale_run(folder, options)->run();
  const std::string results = bytes_of(folder.results()), best = bytes_of(folder.best_model());
  // The folder as if killed right after the checkpoint of the last epoch, the best.
  write_file(folder.results(), results.substr(0, results.rfind('\n', results.size() - 2) + 1));
  std::filesystem::rename(folder.best_model(), folder.best_model().string() + ".next");
  write_file(folder.best_model(), "of the epoch before");
  const auto resumed = scale_run(folder, options);
  resumed->trainer().resume();
  REQUIRE(resumed->state().best_epoch == 5);
  CHECK(bytes_of(folder.results()) == results);
  CHECK(bytes_of(folder.best_model()) == best);
}

TEST_CASE("A better model of an epoch that no checkpoint has seen is not kept", "[train][unit]") {
  const TemporaryFolder parent;
  const RunFolder folder = new_folder(parent);
  cnn_run(folder, cnn_options(1))->run();
  const std::string best = bytes_of(folder.best_model());
  // The folder as if killed right before the checkpoint of epoch 2.
  nn::Model next = nn::load_model(folder.best_model());
  next.info.training.epoch = 2;
  BestModels(folder).stage(next);
  CHECK(bytes_of(folder.best_model()) == best);
  cnn_run(folder, cnn_options(1))->trainer().resume();
  CHECK(bytes_of(folder.best_model()) == best);
  CHECK_FALSE(std::filesystem::exists(folder.best_model().string() + ".next"));
}

TEST_CASE("a loss that is not finite stops with advice and leaves the files as they were",
          "[train][integration]") {
  const TemporaryFolder parent;
  // With batches of 8, the loss of a later step is not finite; with 280, an epoch is one step, so
  // that validation notices it.
  for (const std::int64_t batch_size : {8, 280}) {
    CAPTURE(batch_size);
    const RunFolder folder = new_folder(parent);
    TrainOptions options = cnn_options(1);
    options.batch_size = batch_size;
    cnn_run(folder, options)->run();
    const std::string best = bytes_of(folder.best_model());
    const std::string last = bytes_of(folder.checkpoint());
    options.epochs = 4;
    options.optimizer.lr = 1e30;
    const auto run = cnn_run(folder, options);
    run->trainer().resume();
    CHECK_THROWS_MATCHES(run->run(), Error,
                         MessageMatches(ContainsSubstring("epoch 2") &&
                                        ContainsSubstring("smaller \"lr\" (it is 1e+30)") &&
                                        ContainsSubstring("best.safetensors")));
    CHECK(bytes_of(folder.best_model()) == best);
    CHECK(bytes_of(folder.checkpoint()) == last);
  }
}

TEST_CASE("the CNN passes 90 % on synthetic faces that it has not seen", "[train][integration]") {
  at::set_num_threads(1);  // two take five times as long while other programs use the cores
  const TemporaryFolder parent;
  const data::FaceSet set = data::make_synthetic_set(data::kDefaultSyntheticCount, 2);
  const data::FaceSet train = set.only(data::Split::train);
  TrainOptions options;
  options.epochs = 6;
  options.batch_size = 32;  // twice the steps of the default in as many epochs
  options.augment.rotation = 5.0;
  nn::Model model = test::fresh_model(1);
  model.info.input = test::measure_input_spec(train.images.all());
  TinyRun run(model, train, set.only(data::Split::val), options, new_folder(parent));
  run.run();
  const nn::Model best = nn::load_model(run.folder().best_model());
  CHECK(eval::evaluate(best, set.only(data::Split::test), 64).report.accuracy > 0.9);
}

}  // namespace
}  // namespace fer::train
