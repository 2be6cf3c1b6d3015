// The prediction for each image as a CSV.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

#include "fer/data/face_set.h"

namespace fer::eval {

// A row for each image: index, file (if images have names), truth, prediction, and the probability
// of each class. probabilities: float32 [N,C], contiguous, CPU. Calls `take` with the table's text,
// piece by piece.
void predictions_csv(const data::FaceSet& set, const at::Tensor& probabilities,
                     const std::function<void(const std::string& text)>& take);

}  // namespace fer::eval
