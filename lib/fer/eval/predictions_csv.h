// What a model predicted for each image, for other programs.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "fer/data/face_set.h"

namespace fer::eval {

// A row an image: index, file (where images have names), truth, prediction, and the probability of
// each class. probabilities: float32 [N,C], contiguous, CPU.
std::string predictions_csv(const data::FaceSet& set, const at::Tensor& probabilities);

}  // namespace fer::eval
