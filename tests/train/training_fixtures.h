// Training runs small enough for tests.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/files.h"
#include "fer/data/synthetic_set.h"
#include "fer/tensors/safetensors.h"
#include "fer/train/trainer.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer::test {

// Keeps the reports of a run, and asks it to stop at a step if wanted.
class RecordingObserver final : public train::TrainingObserver {
 public:
  void on_step(const train::StepReport& report) override {
    steps.push_back(report);
    if (report.epoch == stop_epoch) stop = true;
  }
  void on_epoch(const train::TrainingState&, bool improved) override {
    improvements.push_back(improved);
  }

  std::int64_t stop_epoch = 0;  // stops at the first report of this epoch; 0: never
  std::atomic<bool> stop = false;
  std::vector<train::StepReport> steps;
  std::vector<bool> improvements;
};

// A trainer and everything that must outlive it.
class TinyRun {
 public:
  TinyRun(nn::Model model, data::FaceSet train, data::FaceSet val,
          const train::TrainOptions& options, train::RunFolder folder, std::uint64_t seed = 1,
          std::vector<nn::Model> teachers = {})
      : model_(std::move(model)),
        train_(std::move(train)),
        val_(std::move(val)),
        folder_(std::move(folder)),
        trainer_(model_, train_, val_, options, RandomStream(seed), folder_,
                 {R"({"some":"recipe"})", train_.fingerprint()}, std::move(teachers)) {}
  TinyRun(const TinyRun&) = delete;
  TinyRun& operator=(const TinyRun&) = delete;

  train::TrainingEnd run() { return trainer_.run(observer, observer.stop); }
  train::Trainer& trainer() { return trainer_; }
  const train::TrainingState& state() const { return trainer_.state(); }
  const train::RunFolder& folder() const { return folder_; }
  const nn::Model& model() const { return model_; }

  RecordingObserver observer;

 private:
  nn::Model model_;
  data::FaceSet train_, val_;
  train::RunFolder folder_;
  train::Trainer trainer_;
};

// seed-cnn on 280 synthetic faces, 35 steps of eight faces an epoch. One thread by default: such
// small batches gain nothing from two and lose much while other programs use the cores.
inline std::unique_ptr<TinyRun> cnn_run(const train::RunFolder& folder,
                                        const train::TrainOptions& options, std::uint64_t seed = 1,
                                        int threads = 1) {
  at::set_num_threads(threads);
  const data::FaceSet set = data::make_synthetic_set(350, 1);
  return std::make_unique<TinyRun>(fresh_model(seed), set.only(data::Split::train),
                                   set.only(data::Split::val), options, folder, seed);
}

inline train::TrainOptions cnn_options(std::int64_t epochs) {
  train::TrainOptions options;
  options.epochs = epochs;
  options.batch_size = 8;
  options.patience = 0;
  return options;
}

// One weight that scales logits (see PixelClassifier), one step an epoch. All training faces are
// classified correctly, so the scale grows by about `lr` an epoch. One of 100 validation faces is
// not: accuracy stays at 0.99, while the loss falls to its minimum at a scale of 1.6 and rises
// again. (There, the predicted class has probability 0.99 and each other 1/600, so the margin
// between the logits is ln 594 = 6.39; at the initial scale of 1 it is 4.)
inline std::unique_ptr<TinyRun> scale_run(const train::RunFolder& folder,
                                          const train::TrainOptions& options) {
  const std::vector<std::int64_t> classes = {0, 1, 2, 3, 4, 5, 6};
  std::vector<std::int64_t> said(100), truths(100);
  for (std::size_t i = 0; i < said.size(); ++i) {
    said[i] = truths[i] = static_cast<std::int64_t>(i % 7);
  }
  truths[0] = 1;
  return std::make_unique<TinyRun>(pixel_model().model, set_of(faces_taken_for(classes), classes),
                                   set_of(faces_taken_for(said), truths), options, folder);
}

inline train::TrainOptions scale_options(train::Monitor monitor) {
  train::TrainOptions options;
  options.epochs = 40;
  options.optimizer.lr = 0.05;
  options.monitor = monitor;
  options.patience = 0;
  options.augment.rotation = 0.0;
  options.augment.flip = false;
  options.ghost_batch =
      options.batch_size;  // no architecture of the table, of which there are copies
  return options;
}

inline train::RunFolder new_folder(const TemporaryFolder& parent) {
  return train::RunFolder::create(parent.path(), "tiny");
}

inline std::string bytes_of(const std::filesystem::path& path) {
  return read_file(path, 100u << 20);
}

// Compares weights, moments and step counts in the checkpoints, and the kept models.
inline void check_same_tensors(const train::RunFolder& a, const train::RunFolder& b) {
  const auto first = tensors::read_safetensors(a.checkpoint()).tensors;
  const auto second = tensors::read_safetensors(b.checkpoint()).tensors;
  REQUIRE(first.size() == second.size());
  for (const auto& [name, tensor] : first) {
    CAPTURE(name);
    CHECK(at::equal(tensor, second.at(name)));
  }
  const auto best = tensors::read_safetensors(a.best_model()).tensors;
  for (const auto& [name, tensor] : tensors::read_safetensors(b.best_model()).tensors) {
    CAPTURE(name);
    CHECK(at::equal(tensor, best.at(name)));
  }
}

// Compares everything but times, to the last digit.
inline void check_same_history(const train::TrainingState& a, const train::TrainingState& b) {
  CHECK(a.best_epoch == b.best_epoch);
  CHECK(a.best_score == b.best_score);
  REQUIRE(a.history.size() == b.history.size());
  for (std::size_t i = 0; i < a.history.size(); ++i) {
    CAPTURE(i);
    CHECK(a.history[i].epoch == b.history[i].epoch);
    CHECK(a.history[i].train_loss == b.history[i].train_loss);
    CHECK(a.history[i].train_accuracy == b.history[i].train_accuracy);
    CHECK(a.history[i].val_loss == b.history[i].val_loss);
    CHECK(a.history[i].val_accuracy == b.history[i].val_accuracy);
    CHECK(a.history[i].val_balanced_accuracy == b.history[i].val_balanced_accuracy);
    CHECK(a.history[i].val_raw_accuracy == b.history[i].val_raw_accuracy);
    CHECK(a.history[i].lr == b.history[i].lr);
  }
}

}  // namespace fer::test
