#include "fer/train/trainer.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/utils.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/eval/evaluate.h"
#include "fer/eval/majority_score.h"
#include "fer/nn/frozen_model.h"
#include "fer/tensors/cores.h"
#include "fer/train/freeze.h"

namespace fer::train {

namespace {

// Reading the loss waits for the device, so it is read often enough for the progress display and
// rarely enough to cost nothing.
constexpr std::int64_t kStepsBetweenReports = 20;
// For a GPU, which runs hundreds of steps a second and idles during reads.
constexpr double kSecondsBetweenReports = 2.0;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

at::Device device_of(const nn::Model& model) { return model.net->parameters().front().device(); }

// Larger is better for every monitored value.
double score_of(const EpochReport& report, Monitor monitor) {
  switch (monitor) {
    case Monitor::val_accuracy:
      return report.val_accuracy;
    case Monitor::val_loss:
      return -report.val_loss;
    case Monitor::val_balanced_accuracy:
      return report.val_balanced_accuracy;
    case Monitor::val_ferplus_accuracy:
      return report.val_ferplus_accuracy;
    case Monitor::val_ferplus_balanced_accuracy:
      return report.val_ferplus_balanced_accuracy;
    case Monitor::val_combined:
      return report.val_combined;
  }
  return report.val_accuracy;
}

bool needs_votes(Monitor monitor) {
  return monitor == Monitor::val_ferplus_accuracy ||
         monitor == Monitor::val_ferplus_balanced_accuracy || monitor == Monitor::val_combined;
}

// While parts of a step have a core each, LibTorch's own threads are idle, but after operators that
// they share (augmentation, the optimizer) they would spin on cores that the parts need.
class OperatorsOnOneCore {
 public:
  explicit OperatorsOnOneCore(bool on) : before_(on ? at::get_num_threads() : 0) {
    if (on) tensors::use_cores(1);
  }
  ~OperatorsOnOneCore() {
    if (before_ > 0) tensors::use_cores(before_);
  }
  OperatorsOnOneCore(const OperatorsOnOneCore&) = delete;
  OperatorsOnOneCore& operator=(const OperatorsOnOneCore&) = delete;

 private:
  int before_;
};

}  // namespace

Trainer::Trainer(nn::Model& model, const data::FaceSet& train, const data::FaceSet& val,
                 const TrainOptions& options, RandomStream stream, RunFolder folder,
                 RunIdentity identity, std::vector<nn::Model> teachers, ranks::Ranks& ranks)
    : model_(model),
      val_(val),
      options_((options.validate(), options)),
      stream_(stream),
      ranks_(ranks),
      folder_(std::move(folder)),
      best_models_(folder_),
      identity_(std::move(identity)),
      batches_(train, options, device_of(model)),
      step_(model, options, batches_.class_counts(), std::move(teachers), ranks),
      steps_per_epoch_(batches_.steps_per_epoch()),
      sums_(device_of(model)),
      recorded_(step_, options_, sums_, DeviceGraph::records_on(device_of(model))) {
  if (needs_votes(options_.monitor) && !eval::has_majority(val_)) {
    throw OptionError("monitor", choice_name(options_.monitor),
                      "needs FER+'s votes on the validation images, "
                      "with a majority for one of the classes; name their file with " +
                          option("ferplus"));
  }
  if (Batches::fits_on(device_of(model), val_.images)) {
    val_on_device_ = Batches::all_on(device_of(model), val_.images);
  }
}

RunIdentity Trainer::load() {
  RestoredRun restored = load_checkpoint(folder_.checkpoint(), *model_.net, step_);
  if (restored.run.data_fingerprint != identity_.data_fingerprint) {
    throw Error(folder_.path().string() + ": was trained on other images (fingerprint " +
                restored.run.data_fingerprint + ", these have " + identity_.data_fingerprint +
                "), or with other votes, teachers or weights to start from; pass the same " +
                option("data") + ", " + option("ferplus") + ", " + option("distill") + " and " +
                option("init_from") + ", or start a new run");
  }
  state_ = std::move(restored.state);
  return restored.run;
}

RunIdentity Trainer::resume() {
  RunIdentity run = identity_;
  if (ranks_.first()) {
    run = load();
    best_models_.repair(state_.best_epoch);
    write_results();
  }
  // Other ranks may not see the folder.
  state_ = training_state_from_json(
      nlohmann::json::parse(ranks_.from_first(to_json(state_).dump())), "rank 0");
  sums_.loss.fill_(state_.progress.loss_sum);
  sums_.correct.fill_(state_.progress.correct);
  return run;
}

// Copies the weights and states that rank 0 has drawn or read to all ranks.
void Trainer::copy_weights_from_first() {
  if (!ranks_.several()) return;
  for (const auto& [name, tensor] : nn::named_weights(*model_.net)) ranks_.copy_from_first(tensor);
  for (const auto& [name, tensor] : step_.optimizer().state()) ranks_.copy_from_first(tensor);
  for (const auto& [name, tensor] : step_.average().state()) ranks_.copy_from_first(tensor);
}

bool Trainer::done() const {
  const std::int64_t patience = options_.patience_in_epochs();
  const bool out_of_patience = patience > 0 && state_.epochs_since_best() >= patience;
  return state_.epochs_done() >= options_.epochs || out_of_patience;
}

TrainingEnd Trainer::run(TrainingObserver& observer, const std::atomic<bool>& stop) {
  const OwnStream stream(device_of(model_));
  copy_weights_from_first();
  while (!done()) {
    if (!train_epoch(observer, stop)) {
      if (ranks_.first()) checkpoint();
      return TrainingEnd::interrupted;
    }
    finish_epoch(observer);
  }
  return state_.epochs_done() < options_.epochs ? TrainingEnd::stopped_early
                                                : TrainingEnd::finished;
}

// False if it was interrupted between two steps.
bool Trainer::train_epoch(TrainingObserver& observer, const std::atomic<bool>& stop) {
  const RandomStream epoch_stream =
      stream_.child("epoch").child(static_cast<std::uint64_t>(state_.epochs_done() + 1));
  const OperatorsOnOneCore own_cores(step_.side_by_side());
  batches_.begin_epoch(state_.epochs_done(), epoch_stream);
  EpochProgress& progress = state_.progress;
  const double seconds_before = progress.train_seconds;
  const auto start = std::chrono::steady_clock::now();
  double last_report = 0.0;
  train_mode(*model_.net);
  while (progress.step < steps_per_epoch_) {
    if (is_to_stop(stop)) {
      read_sums();
      // Broken weights must not replace the last good checkpoint.
      if (!std::isfinite(progress.loss_sum)) fail_not_finite("the training loss is not finite");
      return false;
    }
    const RandomStream stream = epoch_stream.child(static_cast<std::uint64_t>(progress.step));
    const std::vector<Batch> batches = batches_.of_step(progress.step, step_.share());
    recorded_.run(batches, learning_rate(progress.step), stream);
    ++progress.step;
    for (const Batch& batch : batches) progress.seen += batch.levels.size(0);
    const bool report = report_is_due(seconds_since(start) - last_report);
    if (report) read_sums();  // waits for the device, so it comes before the clock
    progress.train_seconds = seconds_before + seconds_since(start);
    checkpoint_in_between();
    if (!report) continue;
    last_report = progress.train_seconds - seconds_before;
    report_step(observer);
  }
  return true;
}

// Several ranks stop after the same step, because wishes to stop travel with the gradients.
bool Trainer::is_to_stop(const std::atomic<bool>& stop) {
  if (!ranks_.several()) return stop.load();
  if (stop.load()) ranks_.wish_to_stop();
  return ranks_.agreed_to_stop();
}

// Saves a checkpoint within long epochs, so that little is lost if the process dies. Rank 0 has the
// whole state.
void Trainer::checkpoint_in_between() {
  const double minutes = options_.checkpoint_minutes;
  if (minutes <= 0.0 || !ranks_.first() || state_.progress.step == steps_per_epoch_) return;
  if (seconds_since(last_checkpoint_) < minutes * 60.0) return;
  read_sums();
  if (!std::isfinite(state_.progress.loss_sum)) fail_not_finite("the training loss is not finite");
  checkpoint();
}

bool Trainer::report_is_due(double seconds_since_last) const {
  const std::int64_t step = state_.progress.step;
  if (step == steps_per_epoch_) return true;
  return device_of(model_).is_cpu() ? step % kStepsBetweenReports == 0
                                    : seconds_since_last >= kSecondsBetweenReports;
}

double Trainer::learning_rate(std::int64_t step) const {
  SchedulePosition position;
  position.step = state_.epochs_done() * steps_per_epoch_ + step;
  position.steps_per_epoch = steps_per_epoch_;
  position.epochs = options_.epochs;
  for (const EpochReport& report : state_.history) {
    position.scores.push_back(score_of(report, options_.monitor));
  }
  return options_.optimizer.lr * learning_rate_factor(options_.schedule, position);
}

void Trainer::read_sums() {
  state_.progress.loss_sum = sums_.loss.item<double>();
  state_.progress.correct = sums_.correct.item<std::int64_t>();
}

void Trainer::report_step(TrainingObserver& observer) {
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
              ", so the weights are lost; try a smaller " + option("lr") + " (it is " +
              shortest(options_.optimizer.lr) + ") or a larger " + option("batch_size") +
              "; the best model so far, if any, is kept at " + folder_.best_model().string());
}

at::Tensor Trainer::validate() const {
  const at::Tensor probabilities =
      val_on_device_.defined() ? nn::predict_probabilities(model_, val_on_device_, kEvaluationBatch)
                               : eval::probabilities(model_, val_.images, kEvaluationBatch);
  // Checked, because the loss of the last step does not show the weights after it.
  if (!probabilities.isfinite().all().item<bool>()) {
    fail_not_finite("probabilities on the validation images are not finite");
  }
  return probabilities;
}

void Trainer::add_votes(const at::Tensor& probabilities, EpochReport& report) const {
  const auto majority = eval::majority_score(probabilities, val_);
  if (!majority) return;
  report.val_ferplus_accuracy = majority->accuracy;
  report.val_ferplus_balanced_accuracy = majority->balanced_accuracy;
  report.val_combined =
      (report.val_accuracy + majority->accuracy + majority->balanced_accuracy) / 3.0;
}

// Fills in the validation scores and keeps the model if it is the best one. With averaging, the
// averaged weights are validated and kept.
void Trainer::evaluate(EpochReport& report) {
  const auto evaluate_weights = [&] {
    const at::Tensor probabilities = validate();
    const metrics::ClassificationReport validation = eval::score(probabilities, val_);
    report.val_loss = validation.nll;
    report.val_accuracy = report.val_raw_accuracy = validation.accuracy;
    report.val_balanced_accuracy = validation.balanced_accuracy;
    add_votes(probabilities, report);
    improved_ = keep_if_best(report);
    if (options_.save_every > 0 && report.epoch % options_.save_every == 0) keep_epoch(report);
  };
  if (!step_.average().on()) return evaluate_weights();
  {
    const AveragedWeights averaged(step_.average());
    evaluate_weights();
  }
  report.val_raw_accuracy = eval::score(validate(), val_).accuracy;
  if (!improved_) return;
  nn::Model raw = model_;
  raw.info.training.val_accuracy = report.val_raw_accuracy;
  best_models_.stage_raw(raw);
}

void Trainer::finish_epoch(TrainingObserver& observer) {
  const auto start = std::chrono::steady_clock::now();
  const EpochProgress& progress = state_.progress;
  const auto seen = static_cast<double>(progress.seen);
  EpochReport report;
  report.epoch = state_.epochs_done() + 1;
  report.train_loss = progress.loss_sum / seen;
  report.train_accuracy = static_cast<double>(progress.correct) / seen;
  report.lr = learning_rate(progress.step - 1);
  report.images_per_second = seen / std::max(progress.train_seconds, 1e-9);
  if (ranks_.first()) {
    folder_.check_there();
    evaluate(report);
  }
  report.seconds = progress.train_seconds + seconds_since(start);
  copy_from_first(report);
  state_.history.push_back(report);
  state_.progress = {};
  sums_.clear();
  if (ranks_.first()) {
    checkpoint();
    best_models_.commit();
  }
  observer.on_epoch(state_, improved_);
}

// Replaces `report` by rank 0's on all ranks, so that schedule and early stopping decide alike.
void Trainer::copy_from_first(EpochReport& report) {
  if (!ranks_.several()) return;
  report = epoch_report_from_text(ranks_.from_first(to_text(report)));
  if (!ranks_.first()) improved_ = record_if_best(report);
}

bool Trainer::record_if_best(const EpochReport& report) {
  const double score = score_of(report, options_.monitor);
  if (state_.best_epoch > 0 && !(score > state_.best_score)) return false;
  state_.best_epoch = report.epoch;
  state_.best_score = score;
  return true;
}

bool Trainer::keep_if_best(const EpochReport& report) {
  if (!record_if_best(report)) return false;
  model_.info.training.epoch = report.epoch;
  model_.info.training.val_accuracy = report.val_accuracy;
  best_models_.stage(model_);
  return true;
}

void Trainer::keep_epoch(const EpochReport& report) const {
  nn::Model model = model_;
  model.info.training.epoch = report.epoch;
  model.info.training.val_accuracy = report.val_accuracy;
  nn::save_model(folder_.epoch_model(report.epoch), model);
}

void Trainer::checkpoint() {
  folder_.check_there();
  save_checkpoint(folder_.checkpoint(), *model_.net, step_, state_, identity_);
  write_results();
  folder_.check_there();
  last_checkpoint_ = std::chrono::steady_clock::now();
}

// Also for a run that ended between its checkpoint and this; files that are right already stay.
void Trainer::write_results() {
  const std::string now = results_csv(state_.history);
  std::error_code code;
  const bool there = std::filesystem::is_regular_file(folder_.results(), code);
  if (!there || MappedFile(folder_.results()).bytes() != now) write_file(folder_.results(), now);
}

}  // namespace fer::train
