// What a model predicted for each image, for other programs.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

#include "fer/data/face_set.h"

namespace fer::eval {

// A row an image: index, file (where images have names), truth, prediction, and the probability of
// each class. probabilities: float32 [N,C], contiguous, CPU.
// `take` is called with the table's text, in pieces.
void predictions_csv(const data::FaceSet& set, const at::Tensor& probabilities,
                     const std::function<void(const std::string& text)>& take);

}  // namespace fer::eval
