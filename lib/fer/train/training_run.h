// A run of training from options to the best model: its folder, its model, and how it goes on
// later.
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

// All options of a run, as its config.json has them.
struct RunRecipe {
  nlohmann::json values;
  nlohmann::json defaults;  // a run of a former version lacks new options, and ran as these say
  std::vector<std::string> fixed;  // names of those that a resumed run cannot change
};

struct RunRequest {
  TrainOptions options;
  Compute compute;
  std::string output = "runs";  // where a new run's folder is made
  std::string name;             // of that folder; empty: the architecture's
  std::string resume;           // an existing run folder, which goes on instead
  bool resume_last = false;     // so does the newest run of this name, if it can
  RunRecipe recipe;
};

class TrainingRun {
 public:
  // Makes the run's folder, or opens that of a resumed run, and holds its lock. All `ranks` get the
  // same request; only rank 0 makes or opens the folder, folder() of the others only tells its
  // path. @throws fer::Error as RunFolder and RunLock do, and where the requests differ.
  explicit TrainingRun(RunRequest request, ranks::Ranks& ranks = ranks::alone());
  TrainingRun(const TrainingRun&) = delete;
  TrainingRun& operator=(const TrainingRun&) = delete;

  const RunFolder& folder() const { return folder_; }
  // Whether the run was there before.
  bool resumed() const { return !request_.resume.empty(); }
  // After prepare, with the epochs that are planned.
  const TrainOptions& options() const { return request_.options; }

  // Makes the model and what it learns from; restores what was done before. A new run that cannot
  // start leaves no folder behind. @throws fer::Error for options that do not fit the images, each
  // other, or the run that is to go on.
  void prepare(const data::FaceSet& set, Log& log);

  // After prepare. `stop` ends it early, with all saved.
  TrainingEnd train(TrainingObserver& observer, Log& log, const std::atomic<bool>& stop);

  // The epoch whose model was kept; for rank 0. @throws fer::Error where its file is gone.
  const EpochReport& best() const;

 private:
  data::FaceSet training_images(const data::FaceSet& set, Log& log) const;
  std::unique_ptr<Trainer> make_trainer(const data::FaceSet& train, const data::FaceSet& val,
                                        Log& log);
  // With `max_minutes`: sets the epochs, here and in config.json.
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
