// The part of augmentation that leaves pixels where they are.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fer/augment/face_change.h"
#include "fer/core/random.h"

namespace fer {

// levels: float32 [N,H,W], grey levels 0-255, any device -> the same, within 0-255: blurred,
// brightened, contrasted, gamma-corrected and made noisy, in this order, each image by its change.
at::Tensor recolour(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                    const RandomStream& stream);

// Fills `erased` boxes with uniform noise and `cut` boxes with middle grey.
at::Tensor fill_boxes(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                      const RandomStream& stream);

}  // namespace fer
