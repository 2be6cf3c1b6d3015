// The model a training begins with.
#pragma once

#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/train/train_options.h"

namespace fer::train {

// The network of `options` on the CPU, its weights drawn from `stream` (LibTorch's default
// generator is seeded for them); its model knows the classes of `train` and how its images are
// normalised.
// @throws fer::Error for a network or an option of it that there is not.
nn::Model fresh_model(const TrainOptions& options, const data::FaceSet& train,
                      const RandomStream& stream);

}  // namespace fer::train
