// Degradations of whole batches, as tensors, on the device where they live.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fer/augment/degradation.h"
#include "fer/core/random.h"

namespace fer {

// levels: float32 [N,H,W], grey levels 0-255, any device -> the same, each image by its degradation;
// degraded ones have whole levels, as a picture has. One degradation an image; `none` leaves it.
// `stream` is for the noise, which seeds LibTorch's default generator.
at::Tensor degrade(const at::Tensor& levels, const std::vector<Degradation>& degradations,
                   const RandomStream& stream);

}  // namespace fer
