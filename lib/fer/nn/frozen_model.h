// A trained network with tensors as input and output, for evaluation and validation.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "fer/infer/face_model.h"
#include "fer/infer/precision.h"
#include "fer/infer/tta.h"
#include "fer/nn/model.h"

namespace fer::nn {

// On a CPU the network runs as in prediction (infer/face_model.h), so that the deployed code is
// evaluated; on a GPU its forward() runs.
class FrozenModel {
 public:
  // Copies the current weights. A network that is not in the table, or whose weights are not
  // finite, runs by its own forward(), with the weights at that time. An imported network always
  // runs on the CPU. `precision`: on the CPU. @throws fer::Error as infer::resolved does.
  explicit FrozenModel(const Model& model, infer::Precision precision = infer::Precision::float32);

  // images: uint8 [N,H,W] or [N,H,W,3], of the model's format (imported networks scale others), any
  // device -> class probabilities float32 [N,C] on the CPU; a row sums to 1. With several views of
  // a face: their mean. At most `batch_size` images go through a forward() at once; infer/ chooses
  // the number that fits into a core's cache.
  at::Tensor probabilities(const at::Tensor& images, std::int64_t batch_size,
                           infer::Tta tta = infer::Tta::none) const;

  const model::ModelInfo& info() const { return model_.info; }

 private:
  at::Tensor forward(const at::Tensor& levels) const;
  at::Tensor by_forward(const at::Tensor& images, infer::Tta tta) const;

  Model model_;  // run by forward()
  std::shared_ptr<const infer::FaceModel> cpu_;
};

// FrozenModel(model).probabilities(), for a model that is used once or whose weights change.
at::Tensor predict_probabilities(const Model& model, const at::Tensor& images,
                                 std::int64_t batch_size, infer::Tta tta = infer::Tta::none);

}  // namespace fer::nn
