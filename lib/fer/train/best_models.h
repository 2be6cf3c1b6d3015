// The best model of a run, which changes together with the checkpoint that knows of it.
#pragma once

#include <cstdint>
#include <utility>

#include "fer/nn/model.h"
#include "fer/train/run_folder.h"

namespace fer::train {

// A run that ends between two writes would leave a best model of an epoch that its checkpoint has
// not seen, or the other way round. So a better model is staged beside the best one, then comes the
// checkpoint, and then the staged one takes its place; repair() ends what was begun.
class BestModels {
 public:
  explicit BestModels(RunFolder folder) : folder_(std::move(folder)) {}

  // Files beside the best ones. The model's info says its epoch. @throws fer::Error as save_model
  // does.
  void stage(const nn::Model& best) const;
  void stage_raw(const nn::Model& raw) const;

  // Makes the staged model, if there is one, the best. @throws fer::Error where it cannot take its
  // name.
  void commit() const;

  // For a resumed run whose checkpoint has this best epoch: a staged model of that epoch takes its
  // place, one of another epoch is removed.
  void repair(std::int64_t best_epoch) const;

 private:
  RunFolder folder_;
};

}  // namespace fer::train
