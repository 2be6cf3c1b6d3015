// The models a training run begins with: the one it trains, and those it learns from.
#pragma once

#include <string>
#include <vector>

#include "fer/commands/console.h"
#include "fer/commands/train_command.h"
#include "fer/data/face_set.h"
#include "fer/model/model_file.h"

namespace fer {

// The network of the options, ready to train where --device says: with fresh weights, or those of
// --init-from; --freeze is done, and what was done is told. `recipe`, and which images these
// are, is recorded in the model.
// @throws fer::Error for a network, side, model or pattern that does not fit.
Model prepare_model(const TrainCommandOptions& options, const FaceSet& train, const FaceSet& val,
                    const std::string& recipe, Console& console);

// The models of --distill. @throws fer::Error for one of other classes than `labels`.
std::vector<Model> load_teachers(const TrainOptions& options, const LabelSet& labels,
                                 Console& console);

}  // namespace fer
