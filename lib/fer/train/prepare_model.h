// The models a training run begins with: the one it trains, and those it learns from.
#pragma once

#include <string>
#include <vector>

#include "fer/core/compute.h"
#include "fer/core/log.h"
#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/train/train_options.h"

namespace fer::train {

// Checks, before data are read, that the models which the options name are there. @throws
// fer::Error that says which there are.
void check_model_names(const TrainOptions& options);

// The network of the options, ready to train on `compute`'s device: with fresh weights drawn by its
// seed, or those of `init_from`; frozen as `freeze` says. The log says what was done. `recipe`, and
// which images these are, is recorded in the model.
// @throws fer::Error for a network, side, model or pattern that does not fit.
nn::Model prepare_model(const TrainOptions& options, const Compute& compute,
                        const data::FaceSet& train, const data::FaceSet& val,
                        const std::string& recipe, Log& log);

// The models of `distill`. @throws fer::Error for one of other classes or faces than the images'.
std::vector<nn::Model> load_teachers(const TrainOptions& options, const data::FaceSet& train,
                                     Log& log);

}  // namespace fer::train
