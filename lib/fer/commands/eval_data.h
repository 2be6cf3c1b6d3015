// What fer-eval evaluates on: the images, split as the model's training split them, and which of them
// the model has seen.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "fer/commands/console.h"
#include "fer/data/open_data.h"
#include "fer/model/model_file.h"

namespace fer {

// The images of `split` ("all": every image). Where the user did not say how to split a set without
// splits, it is split as in the model's recipe. Notes and warnings go to the console.
// @throws fer::Error as open_data does, and for a split that is not there.
FaceSet open_evaluation_data(const DataOptions& given, const std::string& split,
                             const ModelInfo& model, int threads, Console& console);

// Which images of the set are equal to one the model was trained on, by the hashes in the model file:
// bool [N]. All false for a model without hashes.
at::Tensor seen_in_training(const FaceSet& set, const ModelInfo& model);

}  // namespace fer
