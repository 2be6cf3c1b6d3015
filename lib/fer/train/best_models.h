// The best model of a run, which changes together with the checkpoint.
#pragma once

#include <cstdint>
#include <utility>

#include "fer/nn/model.h"
#include "fer/train/run_folder.h"

namespace fer::train {

// If a run ended between two writes, best model and checkpoint would be of different epochs. So a
// better model is first staged beside the best one, then the checkpoint is written, and then the
// staged model takes its place; repair() completes an interrupted change.
class BestModels {
 public:
  explicit BestModels(RunFolder folder) : folder_(std::move(folder)) {}

  // Writes a better model beside the best one; its info has the epoch. @throws fer::Error as
  // save_model does.
  void stage(const nn::Model& best) const;
  void stage_raw(const nn::Model& raw) const;

  // Makes the staged model, if there is one, the best. @throws fer::Error if it cannot be renamed.
  void commit() const;

  // For a resumed run whose checkpoint has this best epoch: commits a staged model of that epoch,
  // and removes one of another epoch.
  void repair(std::int64_t best_epoch) const;

 private:
  RunFolder folder_;
};

}  // namespace fer::train
