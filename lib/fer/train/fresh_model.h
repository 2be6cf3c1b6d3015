// The initial model of a training.
#pragma once

#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/train/train_options.h"

namespace fer::train {

// The network of `options` on the CPU, its weights drawn from `stream` (LibTorch's default
// generator is seeded for them); its info has the classes of `train` and the normalisation of its
// images. @throws fer::Error for an unknown network, or an option that it does not take.
nn::Model fresh_model(const TrainOptions& options, const data::FaceSet& train,
                      const RandomStream& stream);

}  // namespace fer::train
