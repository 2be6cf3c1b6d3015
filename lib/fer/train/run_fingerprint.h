// Identifies the inputs of a run besides its recipe.
#pragma once

#include <string>
#include <vector>

#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/train/train_options.h"

namespace fer::train {

// A text that depends on the images and their votes, the initial weights (with `init_from`) and the
// teachers.
std::string run_fingerprint(const TrainOptions& options, const data::FaceSet& train,
                            const data::FaceSet& val, const nn::Model& start,
                            const std::vector<nn::Model>& teachers);

}  // namespace fer::train
