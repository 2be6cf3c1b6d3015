// Trains a classifier: the loop, without file formats, flags or terminals.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/metrics/classification_report.h"
#include "fer/nn/model.h"
#include "fer/ranks/ranks.h"
#include "fer/train/batches.h"
#include "fer/train/best_models.h"
#include "fer/train/checkpoint.h"
#include "fer/train/recorded_step.h"
#include "fer/train/run_folder.h"
#include "fer/train/train_options.h"
#include "fer/train/training_state.h"
#include "fer/train/training_step.h"

namespace fer::train {

// The batch size of validation, and the default of fer-eval and others, because the same batches
// give the same numbers to the last digit.
inline constexpr std::int64_t kEvaluationBatch = 64;

struct StepReport {
  std::int64_t epoch = 0;  // counted from 1
  std::int64_t step = 0;   // completed in this epoch
  std::int64_t steps = 0;  // of an epoch
  double loss = 0.0;       // mean of the epoch so far
  double accuracy = 0.0;   // of the epoch so far
  double images_per_second = 0.0;
};

class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  // Called before the first step of a resumed run, with its state so far.
  virtual void on_resume(const TrainingState& /*state*/) {}
  virtual void on_step(const StepReport& /*report*/) {}
  // `improved`: this epoch is the best so far and its weights were kept.
  virtual void on_epoch(const TrainingState& /*state*/, bool /*improved*/) {}
};

enum class TrainingEnd { finished, stopped_early, interrupted };

class Trainer {
 public:
  // Trains `model.net` on its device. `train` and `val` are single splits of one data set; all
  // randomness comes from `stream`. The trainer writes last.ckpt, best.safetensors and results.csv
  // into `folder`. `teachers`: see TrainOptions' loss.distill.
  //
  // Several `ranks` train one network together: each has all data, computes its parts of every
  // step, and has the same weights after it. Only rank 0 validates and uses the folder. @throws
  // fer::Error for options that do not fit each other or the data.
  Trainer(nn::Model& model, const data::FaceSet& train, const data::FaceSet& val,
          const TrainOptions& options, RandomStream stream, RunFolder folder, RunIdentity identity,
          std::vector<nn::Model> teachers = {}, ranks::Ranks& ranks = ranks::alone());

  // Continues from the folder's checkpoint, and returns its identity. Completes the work that the
  // run did not finish after that checkpoint (renaming the best model, results.csv). @throws
  // fer::Error if the checkpoint does not fit network or data.
  RunIdentity resume();

  // @throws fer::Error if the loss is not finite (with advice), or a file cannot be written;
  // ranks::OtherRankError if another rank failed.
  TrainingEnd run(TrainingObserver& observer, const std::atomic<bool>& stop);

  const TrainingState& state() const { return state_; }

  // Images per epoch; fewer than the data set when FER+'s votes reject some.
  std::int64_t images() const { return batches_.images(); }

  // Whether all epochs are done or patience has run out, so that run() would train no more.
  bool done() const;

 private:
  RunIdentity load();
  void copy_weights_from_first();
  bool train_epoch(TrainingObserver& observer, const std::atomic<bool>& stop);
  bool is_to_stop(const std::atomic<bool>& stop);
  void checkpoint_in_between();
  double learning_rate(std::int64_t step) const;  // of a step of the current epoch
  void read_sums();
  bool report_is_due(double seconds_since_last) const;
  void report_step(TrainingObserver& observer);
  void finish_epoch(TrainingObserver& observer);
  at::Tensor validate() const;  // probabilities of the validation images
  void add_votes(const at::Tensor& probabilities, EpochReport& report) const;
  void evaluate(EpochReport& report);
  void copy_from_first(EpochReport& report);
  bool record_if_best(const EpochReport& report);
  bool keep_if_best(const EpochReport& report);
  void keep_epoch(const EpochReport& report) const;
  void checkpoint();
  void write_results();
  [[noreturn]] void fail_not_finite(const std::string& what) const;

  nn::Model& model_;
  data::FaceSet val_;
  at::Tensor val_on_device_;  // the validation images, if the device is no CPU
  TrainOptions options_;
  RandomStream stream_;
  ranks::Ranks& ranks_;
  RunFolder folder_;
  BestModels best_models_;
  RunIdentity identity_;
  Batches batches_;
  TrainingStep step_;
  TrainingState state_;
  std::int64_t steps_per_epoch_;
  EpochSums sums_;         // of the epoch so far
  RecordedStep recorded_;  // runs step_, by CUDA graphs if possible
  bool improved_ = false;  // whether the current epoch is the best so far
  std::chrono::steady_clock::time_point last_checkpoint_ = std::chrono::steady_clock::now();
};

}  // namespace fer::train
