// What networks say of images they were not trained on, for every image of a set.
#pragma once

#include <ATen/core/Tensor.h>

#include <atomic>
#include <cstdint>
#include <functional>

#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/train/train_options.h"

namespace fer::train {

// Options of a short training whose networks are right often enough to doubt labels by them: those
// of configs/speed57.json with a shorter warm-up, and more epochs where there are few images.
// `side`: of the images, in pixels.
TrainOptions short_recipe(std::int64_t images, std::int64_t side);

// float32 [N,C]: each image's class probabilities by a network that was trained by `recipe` on the
// other folds. All splits are taken alike. `progress` hears of steps; `stop` ends it early, with an
// undefined tensor. @throws fer::Error where a fold would leave nothing to train on.
at::Tensor out_of_fold_predictions(
    const data::FaceSet& set, std::int64_t folds, const TrainOptions& recipe,
    const RandomStream& stream, const std::atomic<bool>& stop,
    const std::function<void(std::int64_t done, std::int64_t all)>& progress);

}  // namespace fer::train
