// Plans the number of epochs for a given time.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/core/log.h"
#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/ranks/ranks.h"
#include "fer/train/train_options.h"

namespace fer::train {

// The time that an epoch took on this machine.
struct EpochCost {
  double training_seconds = 0.0, validation_seconds = 0.0;

  double seconds() const { return training_seconds + validation_seconds; }
};

// Measures some steps and some validation images with a copy of the model. Takes a few seconds.
// Several ranks take the steps together.
EpochCost measure_epoch(const TrainOptions& options, const nn::Model& model,
                        const data::FaceSet& train, const data::FaceSet& val,
                        const std::vector<nn::Model>& teachers, const RandomStream& stream,
                        ranks::Ranks& ranks = ranks::alone());

// Rank 0's number.
std::int64_t number_from_first(std::int64_t number, ranks::Ranks& ranks);

// At least 1, at most `most`. Reserves a part of the time for saving, and for slower phases of the
// machine.
std::int64_t epochs_within(double seconds, const EpochCost& epoch, std::int64_t most);

}  // namespace fer::train
