// The changes of grey levels; pixels stay where they are.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fer/augment/face_change.h"
#include "fer/core/random.h"

namespace fer::augment {

// levels: float32 [N,H,W], grey levels 0-255, any device -> the same, within 0-255: blurred, then
// changed in brightness, contrast and gamma, then made noisy, each image as its change says.
at::Tensor recolour(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                    const RandomStream& stream);

// Fills `erased` boxes with uniform noise and `cut` boxes with middle grey.
at::Tensor fill_boxes(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                      const RandomStream& stream);

}  // namespace fer::augment
