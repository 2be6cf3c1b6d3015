#include "fer/eval/prediction_rows.h"

#include <ATen/Functions.h>

namespace fer::eval {

PredictionRows::PredictionRows(const data::FaceSet& set, const at::Tensor& probabilities)
    : labels_(set.labels.contiguous()),
      predictions_(probabilities.argmax(1)),
      confidences_(std::get<0>(probabilities.max(1)).contiguous()),
      of_truth_(probabilities.gather(1, labels_.unsqueeze(1)).squeeze(1).contiguous()) {}

}  // namespace fer::eval
