// A trained network with tensors at both ends, as evaluation and validation use it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "fer/infer/face_model.h"
#include "fer/infer/precision.h"
#include "fer/infer/tta.h"
#include "fer/nn/model.h"

namespace fer::nn {

// On a CPU the network runs as it does in prediction (infer/face_model.h), so that what is
// evaluated is what is deployed; elsewhere by its forward.
class FrozenModel {
 public:
  // With a copy of the weights as they are now. A network that is in no table, and one whose
  // weights are not finite, runs by its own forward, with the weights it has then. That of an ONNX
  // file runs on the CPU wherever other models do. `precision`: of the CPU.
  // @throws fer::Error as infer::resolved does.
  explicit FrozenModel(const Model& model, infer::Precision precision = infer::Precision::float32);

  // images: uint8 [N,H,W] or [N,H,W,3], of the model's format (networks of ONNX files scale
  // others), any device -> class probabilities float32 [N,C] on the CPU; a row sums to 1. With
  // several views of a face: their mean. At most `batch_size` images go through a forward at once;
  // infer/ takes as many as stay in a core's cache.
  at::Tensor probabilities(const at::Tensor& images, std::int64_t batch_size,
                           infer::Tta tta = infer::Tta::none) const;

  const model::ModelInfo& info() const { return model_.info; }

 private:
  at::Tensor forward(const at::Tensor& levels) const;
  at::Tensor by_forward(const at::Tensor& images, infer::Tta tta) const;

  Model model_;  // what forward() runs
  std::shared_ptr<const infer::FaceModel> cpu_;
};

// The same for a model that is used once, or whose weights go on changing.
at::Tensor predict_probabilities(const Model& model, const at::Tensor& images,
                                 std::int64_t batch_size, infer::Tta tta = infer::Tta::none);

}  // namespace fer::nn
