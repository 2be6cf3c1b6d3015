#include "fer/infer/ensemble_grad_cam.h"

#include <ATen/Functions.h>

#include <utility>

namespace fer::infer {

EnsembleGradCam::EnsembleGradCam(const std::vector<model::Model>& models,
                                 std::vector<double> weights)
    : weights_(std::move(weights)) {
  for (const model::Model& model : models) models_.emplace_back(model);
}

at::Tensor EnsembleGradCam::maps(const at::Tensor& images, const at::Tensor& classes) const {
  at::Tensor mean = at::zeros(images.sizes(), at::kFloat);
  for (std::size_t i = 0; i < models_.size(); ++i) {
    mean.add_(models_[i].maps(images, classes), weights_[i]);
  }
  return mean.contiguous();
}

}  // namespace fer::infer
