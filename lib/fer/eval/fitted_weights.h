// The weights of an ensemble that make images most likely.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/log.h"
#include "fer/eval/study_images.h"
#include "fer/infer/tta.h"
#include "fer/nn/named_models.h"

namespace fer::eval {

// One weight a model, sum 1, fitted on the validation images `val`. The log says what the fit
// gained, and warns of images that a model was trained on.
std::vector<double> fitted_weights(const std::vector<nn::NamedModel>& models,
                                   const StudyImages& val, std::int64_t batch_size, infer::Tta tta,
                                   Log& log);

}  // namespace fer::eval
