// Fits the weights of an ensemble to validation images.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/log.h"
#include "fer/eval/study_images.h"
#include "fer/infer/tta.h"
#include "fer/nn/named_models.h"

namespace fer::eval {

// A weight for each model, with the sum 1, fitted on the validation images `val`. Logs the gain,
// and warns of images that a model was trained on.
std::vector<double> fitted_weights(const std::vector<nn::NamedModel>& models,
                                   const StudyImages& val, std::int64_t batch_size, infer::Tta tta,
                                   Log& log);

}  // namespace fer::eval
