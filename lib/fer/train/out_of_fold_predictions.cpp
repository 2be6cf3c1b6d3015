#include "fer/train/out_of_fold_predictions.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/data/folds.h"
#include "fer/eval/evaluate.h"
#include "fer/train/batches.h"
#include "fer/train/freeze.h"
#include "fer/train/fresh_model.h"
#include "fer/train/precision.h"
#include "fer/train/trainer.h"
#include "fer/train/training_step.h"

namespace fer::train {

namespace {

// The training of one fold's network.
class FoldTraining {
 public:
  FoldTraining(const data::FaceSet& train, const TrainOptions& recipe, const RandomStream& stream)
      : recipe_(recipe),
        stream_(stream),
        model_(fresh_model(recipe, train, stream)),
        batches_(train, recipe, at::kCPU),
        step_(model_, recipe, batches_.class_counts(), {}) {}

  std::int64_t steps() const { return batches_.steps_per_epoch() * recipe_.epochs; }

  void run(std::int64_t step) {
    const std::int64_t in_epoch = step % batches_.steps_per_epoch();
    const std::int64_t epoch = step / batches_.steps_per_epoch();
    const RandomStream epoch_stream =
        stream_.child("epoch").child(static_cast<std::uint64_t>(epoch));
    if (in_epoch == 0) {
      batches_.begin_epoch(epoch, epoch_stream);
      train_mode(*model_.net);
    }
    const SchedulePosition position{step, batches_.steps_per_epoch(), recipe_.epochs, {}};
    step_.run(batches_.of_step(in_epoch),
              recipe_.optimizer.lr * learning_rate_factor(recipe_.schedule, position),
              epoch_stream.child(static_cast<std::uint64_t>(in_epoch)));
  }

  at::Tensor probabilities(const data::Images& images) {
    if (!step_.average().on()) return eval::probabilities(model_, images, kEvaluationBatch);
    const AveragedWeights averaged(step_.average());
    return eval::probabilities(model_, images, kEvaluationBatch);
  }

 private:
  TrainOptions recipe_;
  RandomStream stream_;
  nn::Model model_;
  Batches batches_;
  TrainingStep step_;
};

// The rows of a fold, and all others.
struct Parts {
  at::Tensor held_out, rest;
};

Parts parts_of(const std::vector<std::int64_t>& folds, std::int64_t fold) {
  const at::Tensor own = at::tensor(folds, at::kLong).eq(fold);
  return {own.nonzero().squeeze(1), own.logical_not().nonzero().squeeze(1)};
}

}  // namespace

TrainOptions short_recipe(std::int64_t images, std::int64_t side) {
  constexpr std::int64_t kLeastEpochs = 7, kMostEpochs = 100, kImagesSeen = 200'000;
  TrainOptions options;
  options.arch = "nano";
  options.net.width = 0.5;
  options.net.block = graph::BlockKind::pre;
  // First at three quarters of the side, but not below the smallest side.
  options.train_sizes = std::to_string(std::max<std::int64_t>(side * 3 / 4, kLeastFaceSide)) + "," +
                        std::to_string(side);
  options.epochs =
      std::clamp(kImagesSeen / std::max<std::int64_t>(images, 1), kLeastEpochs, kMostEpochs);
  options.batch_size = 32;
  options.optimizer.accumulate = 2;
  options.optimizer.optimizer = OptimizerKind::sgd;
  options.optimizer.lr = 0.2;
  options.optimizer.weight_decay = 3e-4;
  // Averages weights over some hundred steps, if there are many more.
  constexpr std::int64_t kImagesForAverage = 10'000;
  options.optimizer.ema = images >= kImagesForAverage ? 0.99 : 0.0;
  options.schedule.schedule = ScheduleKind::onecycle;
  options.amp = resolve_precision(MixedPrecision::automatic, at::kCPU);
  options.augment.rotation = 0.0;
  return options;
}

at::Tensor out_of_fold_predictions(
    const data::FaceSet& set, std::int64_t folds, const TrainOptions& recipe,
    const RandomStream& stream, const std::atomic<bool>& stop,
    const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::vector<std::int64_t> fold_of = data::deal_folds(set, folds, stream.child("folds"));
  at::Tensor probabilities =
      at::zeros({set.size(), static_cast<std::int64_t>(set.label_set.size())});
  std::int64_t done = 0;  // steps of earlier folds; later folds are assumed to be like this one
  for (std::int64_t fold = 0; fold < folds; ++fold) {
    const Parts parts = parts_of(fold_of, fold);
    if (parts.held_out.numel() == 0) continue;
    if (parts.rest.numel() < 2) {
      throw Error(set.source + ": its " + grouped(set.size()) +
                  " images leave nothing to train on");
    }
    FoldTraining training(set.select(parts.rest), recipe,
                          stream.child("fold").child(static_cast<std::uint64_t>(fold)));
    for (std::int64_t step = 0; step < training.steps(); ++step) {
      if (stop.load()) return {};
      training.run(step);
      progress(done + step + 1, done + (folds - fold) * training.steps());
    }
    done += training.steps();
    probabilities.index_copy_(0, parts.held_out,
                              training.probabilities(set.images.select(parts.held_out)));
  }
  return probabilities;
}

}  // namespace fer::train
