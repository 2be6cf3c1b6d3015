// Describes all that a run's result depends on besides its recipe.
#pragma once

#include <string>
#include <vector>

#include "fer/data/face_set.h"
#include "fer/nn/model.h"
#include "fer/train/train_options.h"

namespace fer::train {

// A text that differs where anything of these does: the images and their votes, the weights that
// the run starts from (with `init_from`), the teachers.
std::string run_fingerprint(const TrainOptions& options, const data::FaceSet& train,
                            const data::FaceSet& val, const nn::Model& start,
                            const std::vector<nn::Model>& teachers);

}  // namespace fer::train
