// Where a model looked when it said what it said.
#pragma once

#include <ATen/core/Tensor.h>

#include "fer/infer/inference.h"
#include "fer/model/model_file.h"

namespace fer {

// Grad-CAM (Selvaraju et al. 2017, equations 1 and 2) on the last map of features of at least 6x6
// pixels that everything goes through, for every architecture of the table; the score explained is
// the class's logit less the mean of all logits, which is what the softmax sees. images: uint8 [N,48,48];
// classes: int64 [N], the class to explain for each -> float32 [N,48,48] on the CPU, 0 where least
// spoke for the class, 1 where most did; all 0 where all places said the same.
class GradCam {
 public:
  explicit GradCam(const Model& model);

  at::Tensor maps(const at::Tensor& images, const at::Tensor& classes) const;

 private:
  FrozenNet net_;
  InputSpec input_;
};

// How much of the class's probability a grey square of `patch` pixels takes away, moved over the
// face in steps of half its side (Zeiler and Fergus 2014, section 4.2). Same shapes as grad_cam, but
// in probability: [-1, 1]; a pixel has the mean of the squares that covered it. Slow: some 120 looks
// at each image. @throws fer::Error for a square that is no part of the face.
at::Tensor occlusion_map(const FrozenModel& model, const at::Tensor& images,
                         const at::Tensor& classes, std::int64_t patch = 8);

}  // namespace fer
