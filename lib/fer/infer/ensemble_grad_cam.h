// Which parts of a face the prediction of several models is based on.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fer/infer/explain.h"
#include "fer/model/model_file.h"

namespace fer::infer {

// The mean of the models' GradCam maps, each with its weight in the ensemble.
class EnsembleGradCam {
 public:
  // weights: one a model, sum 1.
  EnsembleGradCam(const std::vector<model::Model>& models, std::vector<double> weights);

  // As GradCam::maps.
  at::Tensor maps(const at::Tensor& images, const at::Tensor& classes) const;

 private:
  std::vector<GradCam> models_;
  std::vector<double> weights_;
};

}  // namespace fer::infer
