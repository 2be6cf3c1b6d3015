// Predictions for every image of a set by networks that were not trained on it.
#pragma once

#include <ATen/core/Tensor.h>

#include <atomic>
#include <cstdint>
#include <functional>

#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/train/train_options.h"

namespace fer::train {

// Options of a short training whose networks are good enough to find wrong labels:
// configs/speed57.json with a shorter warm-up, and more epochs for few images. `side`: of the
// images, in pixels.
TrainOptions short_recipe(std::int64_t images, std::int64_t side);

// float32 [N,C]: each image's class probabilities by a network that was trained by `recipe` on the
// other folds. Splits do not matter. `progress` gets the number of steps; `stop` ends it early,
// with an undefined tensor. @throws fer::Error if a fold would leave nothing to train on.
at::Tensor out_of_fold_predictions(
    const data::FaceSet& set, std::int64_t folds, const TrainOptions& recipe,
    const RandomStream& stream, const std::atomic<bool>& stop,
    const std::function<void(std::int64_t done, std::int64_t all)>& progress);

}  // namespace fer::train
