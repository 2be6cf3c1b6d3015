#include "fer/train/trainer.h"

#include <ATen/Functions.h>
#include <torch/utils.h>

#include <chrono>
#include <cmath>

#include "fer/augment/augment.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/eval/evaluate.h"
#include "fer/infer/inference.h"

namespace fer {

namespace {

// Looking at the loss waits for the device: often enough to show progress, rarely enough to be free.
constexpr std::int64_t kStepsBetweenReports = 20;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Larger is better for every monitored value.
double score_of(const EpochReport& report, const std::string& monitor) {
  if (monitor == "val_loss") return -report.val_loss;
  if (monitor == "val_balanced_accuracy") return report.val_balanced_accuracy;
  return report.val_accuracy;
}

}  // namespace

Trainer::Trainer(Model& model, const FaceSet& train, const FaceSet& val,
                 const TrainOptions& options, RandomStream stream, RunFolder folder,
                 RunIdentity identity)
    : model_(model),
      device_(model.net->parameters().front().device()),
      images_(train.images.to(device_)),
      labels_(train.labels.to(device_)),
      val_(val),
      options_(options),
      stream_(stream),
      folder_(std::move(folder)),
      identity_(std::move(identity)),
      optimizer_(*model.net),
      steps_per_epoch_((train.size() + options.batch_size - 1) / options.batch_size) {
  loss_sum_ = at::zeros({}, at::TensorOptions(at::kDouble).device(device_));
  correct_ = at::zeros({}, at::TensorOptions(at::kLong).device(device_));
}

RunIdentity Trainer::resume() {
  RestoredRun restored = load_checkpoint(folder_.checkpoint(), *model_.net, optimizer_);
  if (restored.run.data_fingerprint != identity_.data_fingerprint) {
    throw Error(folder_.path().string() + ": was trained on other images (fingerprint " +
                restored.run.data_fingerprint + ", these have " + identity_.data_fingerprint +
                "); pass the same --data, or start a new run");
  }
  state_ = std::move(restored.state);
  loss_sum_.fill_(state_.progress.loss_sum);
  correct_.fill_(state_.progress.correct);
  return restored.run;
}

bool Trainer::done() const {
  const bool out_of_patience =
      options_.patience > 0 && state_.epochs_since_best() >= options_.patience;
  return state_.epochs_done() >= options_.epochs || out_of_patience;
}

TrainingEnd Trainer::run(TrainingObserver& observer, const std::atomic<bool>& stop) {
  while (!done()) {
    if (!train_epoch(observer, stop)) {
      checkpoint();
      return TrainingEnd::interrupted;
    }
    finish_epoch(observer);
  }
  return state_.epochs_done() < options_.epochs ? TrainingEnd::stopped_early
                                                : TrainingEnd::finished;
}

// False where it was interrupted between two steps.
bool Trainer::train_epoch(TrainingObserver& observer, const std::atomic<bool>& stop) {
  const auto epoch = static_cast<std::uint64_t>(state_.epochs_done() + 1);
  const RandomStream epoch_stream = stream_.child("epoch").child(epoch);
  RandomStream order_stream = epoch_stream.child("order");
  const std::vector<std::int64_t> permutation = order_stream.permutation(images_.size(0));
  const at::Tensor order = at::tensor(permutation, at::kLong).to(device_);
  EpochProgress& progress = state_.progress;
  const double seconds_before = progress.train_seconds;
  const auto start = std::chrono::steady_clock::now();
  model_.net->train();
  while (progress.step < steps_per_epoch_) {
    if (stop.load()) {
      read_sums();
      // Lost weights must not take the place of the last good checkpoint.
      if (!std::isfinite(progress.loss_sum)) fail_not_finite("the training loss is not finite");
      return false;
    }
    const RandomStream step_stream = epoch_stream.child(static_cast<std::uint64_t>(progress.step));
    // Dropout draws from LibTorch's generator: seeding it for each step makes a step a function of
    // seed, epoch and number, which is what lets a run resume anywhere.
    torch::manual_seed(step_stream.child("dropout").key());
    const Batch batch = make_batch(order, progress.step, step_stream);
    train_step(batch);
    ++progress.step;
    progress.seen += batch.labels.size(0);
    progress.train_seconds = seconds_before + seconds_since(start);
    if (progress.step % kStepsBetweenReports == 0 || progress.step == steps_per_epoch_) {
      report_step(observer);
    }
  }
  return true;
}

Trainer::Batch Trainer::make_batch(const at::Tensor& order, std::int64_t step,
                                   const RandomStream& step_stream) {
  const std::int64_t first = step * options_.batch_size;
  const std::int64_t count = std::min(options_.batch_size, images_.size(0) - first);
  const at::Tensor rows = order.narrow(0, first, count);
  const at::Tensor levels =
      augment(images_.index_select(0, rows), options_.augment, step_stream.child("augment"));
  return {normalise(levels, model_.info.input), labels_.index_select(0, rows)};
}

void Trainer::train_step(const Batch& batch) {
  const at::Tensor logits = model_.net->forward(batch.faces);
  const at::Tensor loss = at::cross_entropy_loss(logits, batch.labels);
  loss.backward();
  optimizer_.step(options_.lr);
  const at::NoGradGuard no_grad;
  loss_sum_.add_(loss.detach(), static_cast<double>(batch.labels.size(0)));
  correct_.add_(logits.argmax(1).eq(batch.labels).sum());
}

void Trainer::read_sums() {
  state_.progress.loss_sum = loss_sum_.item<double>();
  state_.progress.correct = correct_.item<std::int64_t>();
}

void Trainer::report_step(TrainingObserver& observer) {
  read_sums();
  const EpochProgress& progress = state_.progress;
  const auto seen = static_cast<double>(progress.seen);
  const double loss = progress.loss_sum / seen;
  if (!std::isfinite(loss)) fail_not_finite("the training loss is " + fixed(loss, 1));
  observer.on_step({state_.epochs_done() + 1, progress.step, steps_per_epoch_, loss,
                    static_cast<double>(progress.correct) / seen,
                    seen / std::max(progress.train_seconds, 1e-9)});
}

void Trainer::fail_not_finite(const std::string& what) const {
  throw Error("epoch " + std::to_string(state_.epochs_done() + 1) + ", step " +
              std::to_string(state_.progress.step) + ": " + what +
              ", so the weights are lost; try a smaller --lr (it is " + shortest(options_.lr) +
              ") or a larger --batch-size; the best model so far, if any, is kept at " +
              folder_.best_model().string());
}

void Trainer::finish_epoch(TrainingObserver& observer) {
  const auto start = std::chrono::steady_clock::now();
  const at::Tensor probabilities = predict_probabilities(model_, val_.images, kEvaluationBatch);
  // The loss of the last step says nothing of the weights after it.
  if (!probabilities.isfinite().all().item<bool>()) {
    fail_not_finite("probabilities on the validation images are not finite");
  }
  const ClassificationReport validation = score(probabilities, val_);
  const EpochProgress& progress = state_.progress;
  const auto seen = static_cast<double>(progress.seen);
  EpochReport report;
  report.epoch = state_.epochs_done() + 1;
  report.train_loss = progress.loss_sum / seen;
  report.train_accuracy = static_cast<double>(progress.correct) / seen;
  report.val_loss = validation.nll;
  report.val_accuracy = validation.accuracy;
  report.val_balanced_accuracy = validation.balanced_accuracy;
  report.lr = options_.lr;
  report.images_per_second = seen / std::max(progress.train_seconds, 1e-9);
  report.seconds = progress.train_seconds + seconds_since(start);
  const bool improved = keep_if_best(report);
  state_.history.push_back(report);
  state_.progress = {};
  loss_sum_.zero_();
  correct_.zero_();
  checkpoint();
  observer.on_epoch(state_, improved);
}

bool Trainer::keep_if_best(const EpochReport& report) {
  const double score = score_of(report, options_.monitor);
  if (state_.best_epoch > 0 && !(score > state_.best_score)) return false;
  state_.best_epoch = report.epoch;
  state_.best_score = score;
  model_.info.training.epoch = report.epoch;
  model_.info.training.val_accuracy = report.val_accuracy;
  save_model(folder_.best_model(), model_);
  return true;
}

void Trainer::checkpoint() {
  save_checkpoint(folder_.checkpoint(), *model_.net, optimizer_, state_, identity_);
  write_file(folder_.results(), results_csv(state_.history));
}

}  // namespace fer
