// Prepares the models of a training run: the one to train, and its teachers.
#pragma once

#include <string>
#include <vector>

#include "fer/core/compute.h"
#include "fer/core/log.h"
#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/train/train_options.h"

namespace fer::train {

// Checks, before data are read, that the models in the options exist. @throws fer::Error with the
// available ones.
void check_model_names(const TrainOptions& options);

// The network of the options, ready to train on `compute`'s device: with fresh weights drawn by its
// seed, or those of `init_from`, and frozen by `freeze`. Logs these steps. Records `recipe` and the
// hashes of the images in the model. @throws fer::Error for a network, side, model or pattern that
// does not fit.
nn::Model prepare_model(const TrainOptions& options, const Compute& compute,
                        const data::FaceSet& train, const data::FaceSet& val,
                        const std::string& recipe, Log& log);

// The models of `distill`. @throws fer::Error for a model with other classes or faces than the
// images.
std::vector<nn::Model> load_teachers(const TrainOptions& options, const data::FaceSet& train,
                                     Log& log);

}  // namespace fer::train
