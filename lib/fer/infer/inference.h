// Faces in, probabilities out: how a trained model is used, by evaluation and prediction alike.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "fer/infer/frozen_net.h"
#include "fer/model/model_file.h"

namespace fer::infer {

// A model prepared for inference, with a copy of its weights on the model's device.
class FrozenModel {
 public:
  explicit FrozenModel(const model::Model& model);

  // images: uint8 [N,48,48], any device -> class probabilities float32 [N,C] on the CPU; a row sums
  // to 1. `tta`: see infer/tta.h; the mean over its views. Processes at most `batch_size` images at
  // once; on a CPU each thread takes a few that stay in its cache, whatever N is.
  at::Tensor probabilities(const at::Tensor& images, std::int64_t batch_size,
                           const std::string& tta = "none") const;

 private:
  at::Tensor probabilities_of(const at::Tensor& batch, const std::string& tta) const;

  FrozenNet net_;
  model::InputSpec input_;
  double temperature_;
  std::int64_t classes_;
};

// The same for a model that is used once, or whose weights go on changing.
at::Tensor predict_probabilities(const model::Model& model, const at::Tensor& images,
                                 std::int64_t batch_size, const std::string& tta = "none");

}  // namespace fer::infer
