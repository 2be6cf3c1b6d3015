// Faces in, probabilities out: how a trained model is used, by evaluation and prediction alike.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "fer/model/model_file.h"

namespace fer {

// images: uint8 [N,48,48], any device -> class probabilities float32 [N,C] on the CPU; a row sums
// to 1. Works through the images in batches of `batch_size`, on the device where the model lives;
// leaves the network in evaluation mode. `tta`: see infer/tta.h; the mean over its views.
at::Tensor predict_probabilities(const Model& model, const at::Tensor& images,
                                 std::int64_t batch_size, const std::string& tta = "none");

}  // namespace fer
