// Which parts of a face a prediction is based on.
#pragma once

#include <ATen/core/Tensor.h>

#include "fer/infer/inference.h"
#include "fer/model/model_file.h"

namespace fer::infer {

// Grad-CAM (Selvaraju et al. 2017, equations 1 and 2) on the last feature map of at least 6x6
// pixels that all later layers depend on alone, for every architecture of the table. The score that
// is explained is the class's logit minus the mean of all logits, because softmax depends on
// nothing else. images: uint8 [N,48,48]; classes: int64 [N], the class to explain for each ->
// float32 [N,48,48] on the CPU, 0 where least speaks for the class, 1 where most does; all 0 where
// every place counts the same.
class GradCam {
 public:
  explicit GradCam(const model::Model& model);

  at::Tensor maps(const at::Tensor& images, const at::Tensor& classes) const;

 private:
  FrozenNet net_;
  model::InputSpec input_;
};

// By how much the class's probability falls when a grey square of `patch` pixels covers a place;
// the square moves over the face in steps of half its side (Zeiler and Fergus 2014, section 4.2).
// Same shapes as GradCam, but differences of probability in [-1, 1]; a pixel has the mean over the
// squares that covered it. Slow: some 120 predictions for each image. @throws fer::Error for a
// square that is no part of the face.
at::Tensor occlusion_map(const FrozenModel& model, const at::Tensor& images,
                         const at::Tensor& classes, std::int64_t patch = 8);

}  // namespace fer::infer
