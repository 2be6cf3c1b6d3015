// Training runs small enough for tests.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fer/data/synthetic_set.h"
#include "fer/train/trainer.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer::test {

// Keeps what a run reports, and asks it to stop at a step where that is wanted.
class RecordingObserver final : public TrainingObserver {
 public:
  void on_step(const StepReport& report) override {
    steps.push_back(report);
    if (report.epoch == stop_epoch) stop = true;
  }
  void on_epoch(const TrainingState&, bool improved) override { improvements.push_back(improved); }

  std::int64_t stop_epoch = 0;  // at its first report; 0 is never
  std::atomic<bool> stop = false;
  std::vector<StepReport> steps;
  std::vector<bool> improvements;
};

// A trainer with all that it needs to be alive.
class TinyRun {
 public:
  TinyRun(Model model, FaceSet train, FaceSet val, const TrainOptions& options, RunFolder folder,
          std::uint64_t seed = 1)
      : model_(std::move(model)),
        train_(std::move(train)),
        val_(std::move(val)),
        folder_(std::move(folder)),
        trainer_(model_, train_, val_, options, RandomStream(seed), folder_,
                 {R"({"some":"recipe"})", train_.fingerprint()}) {}
  TinyRun(const TinyRun&) = delete;
  TinyRun& operator=(const TinyRun&) = delete;

  TrainingEnd run() { return trainer_.run(observer, observer.stop); }
  Trainer& trainer() { return trainer_; }
  const TrainingState& state() const { return trainer_.state(); }
  const RunFolder& folder() const { return folder_; }
  const Model& model() const { return model_; }

  RecordingObserver observer;

 private:
  Model model_;
  FaceSet train_, val_;
  RunFolder folder_;
  Trainer trainer_;
};

// seed-cnn on 280 synthetic faces, 35 steps of eight an epoch. One thread unless told otherwise:
// batches so small gain nothing from two, and lose much where others use the cores as well.
inline std::unique_ptr<TinyRun> cnn_run(const RunFolder& folder, const TrainOptions& options,
                                        std::uint64_t seed = 1, int threads = 1) {
  at::set_num_threads(threads);
  const FaceSet set = make_synthetic_set(350, 1);
  return std::make_unique<TinyRun>(fresh_model(seed), set.only(Split::train), set.only(Split::val),
                                   options, folder, seed);
}

inline TrainOptions cnn_options(std::int64_t epochs) {
  TrainOptions options;
  options.epochs = epochs;
  options.batch_size = 8;
  options.patience = 0;
  return options;
}

// One weight that scales logits (see PixelClassifier), one step an epoch. All training faces are
// taken for what they are, so the scale grows by about `lr` an epoch. Of 100 validation faces one
// is not: accuracy stays at 0.99, while the loss falls to its least at a scale of 1.6 and rises
// again (with probability 0.99 for the class said and 1/600 for each other, the margin between
// the logits is ln 594 = 6.39, and it is 4 at the scale of 1 that it starts from).
inline std::unique_ptr<TinyRun> scale_run(const RunFolder& folder, const TrainOptions& options) {
  const std::vector<std::int64_t> classes = {0, 1, 2, 3, 4, 5, 6};
  std::vector<std::int64_t> said(100), truths(100);
  for (std::size_t i = 0; i < said.size(); ++i) {
    said[i] = truths[i] = static_cast<std::int64_t>(i % 7);
  }
  truths[0] = 1;
  return std::make_unique<TinyRun>(pixel_model().model, set_of(faces_taken_for(classes), classes),
                                   set_of(faces_taken_for(said), truths), options, folder);
}

inline TrainOptions scale_options(const std::string& monitor) {
  TrainOptions options;
  options.epochs = 40;
  options.optimizer.lr = 0.05;
  options.monitor = monitor;
  options.patience = 0;
  options.augment.rotation = 0.0;
  options.augment.flip = false;
  return options;
}

}  // namespace fer::test
