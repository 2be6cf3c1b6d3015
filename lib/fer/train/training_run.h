// A training run from options to the best model: its folder, its model, and its resumption.
#pragma once

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/compute.h"
#include "fer/core/log.h"
#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/ranks/ranks.h"
#include "fer/train/run_folder.h"
#include "fer/train/run_lock.h"
#include "fer/train/train_options.h"
#include "fer/train/trainer.h"

namespace fer::train {

// All options of a run, as in config.json.
struct RunRecipe {
  nlohmann::json values;
  nlohmann::json defaults;         // for new options, which runs of former versions lack
  std::vector<std::string> fixed;  // options that a resumed run cannot change
};

struct RunRequest {
  TrainOptions options;
  Compute compute;
  std::string output = "runs";  // where a new run's folder is made
  std::string name;             // name of the run folder; empty: the architecture's
  std::string resume;           // an existing run folder to resume
  bool resume_last = false;     // resume the newest run of this name, if there is one
  RunRecipe recipe;
};

class TrainingRun {
 public:
  // Makes the run's folder, or opens that of a resumed run, and holds its lock. All `ranks` get the
  // same request; only rank 0 makes or opens the folder, and the others only know its path. @throws
  // fer::Error as RunFolder and RunLock do, and if the requests differ.
  explicit TrainingRun(RunRequest request, ranks::Ranks& ranks = ranks::alone());
  TrainingRun(const TrainingRun&) = delete;
  TrainingRun& operator=(const TrainingRun&) = delete;

  const RunFolder& folder() const { return folder_; }
  // Whether the run existed before.
  bool resumed() const { return !request_.resume.empty(); }
  // After prepare(): with the planned number of epochs.
  const TrainOptions& options() const { return request_.options; }

  // Makes the model and its teachers, and restores a resumed run. A new run that cannot start
  // leaves no folder. @throws fer::Error for options that do not fit the images, each other, or the
  // resumed run.
  void prepare(const data::FaceSet& set, Log& log);

  // Call after prepare(). `stop` ends it early, with everything saved.
  TrainingEnd train(TrainingObserver& observer, Log& log, const std::atomic<bool>& stop);

  // The epoch whose model was kept; for rank 0. @throws fer::Error if its file is missing.
  const EpochReport& best() const;

 private:
  data::FaceSet training_images(const data::FaceSet& set, Log& log) const;
  std::unique_ptr<Trainer> make_trainer(const data::FaceSet& train, const data::FaceSet& val,
                                        Log& log);
  // With `max_minutes`: sets the number of epochs, here and in config.json.
  void plan(const data::FaceSet& train, const data::FaceSet& val,
            const std::vector<nn::Model>& teachers, Log& log);
  void go_on(Log& log);
  void check_same_data(const std::string& fingerprint) const;

  RunRequest request_;
  ranks::Ranks& ranks_;
  RunFolder folder_;
  std::optional<RunLock> lock_;
  nn::Model model_;
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace fer::train
