// Augmentation of whole batches, as tensors, on the device where they live.
#pragma once

#include <ATen/core/Tensor.h>

#include "fer/augment/augment_options.h"
#include "fer/core/random.h"

namespace fer {

// images: uint8 or float [N,H,W], grey levels 0-255, any device -> float32 [N,H,W], same device and
// range. Each image gets its own angle and flip from `stream`: the same stream, the same result.
// Bilinear sampling; beyond the border the border is repeated.
at::Tensor augment(const at::Tensor& images, const AugmentOptions& options, RandomStream stream);

// The 2x3 matrices of all geometric options, one sampling for all of them: float32 [N,2,3] on the
// CPU, mapping output to input positions in coordinates where the image spans [-1, 1] and pixel
// centres lie inside (align_corners = false).
at::Tensor sample_affine_maps(std::int64_t count, const AugmentOptions& options,
                              RandomStream stream);

}  // namespace fer
