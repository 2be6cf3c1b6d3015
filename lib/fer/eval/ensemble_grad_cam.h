// Explains which parts of a face the prediction of several models is based on.
#pragma once

#include <ATen/core/Tensor.h>

#include <deque>
#include <vector>

#include "fer/eval/study_images.h"
#include "fer/infer/grad_cam.h"
#include "fer/nn/named_models.h"

namespace fer::eval {

// The mean of the models' Grad-CAM maps (infer/grad_cam.h), each with its weight in the ensemble.
class EnsembleGradCam {
 public:
  // weights: one a model, sum 1.
  EnsembleGradCam(const std::vector<nn::NamedModel>& models, std::vector<double> weights);

  // rows: int64 [N], of the images; classes: int64 [N], the class to explain for each, both on the
  // CPU -> float32 [N,H,W] in [0, 1], of the size of images.set(). Maps of models with another
  // input size are scaled to it.
  at::Tensor maps(const StudyImages& images, const at::Tensor& rows,
                  const at::Tensor& classes) const;

 private:
  std::deque<infer::GradCam> models_;  // a deque, which does not move its elements
  std::vector<model::ModelInfo> infos_;
  std::vector<double> weights_;
};

}  // namespace fer::eval
