// Degrades whole batches as tensors, on the device where they are.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fer/augment/degradation.h"
#include "fer/core/random.h"

namespace fer::augment {

// levels: float32 [N,H,W], grey levels 0-255, any device -> the same shape and device. There is one
// degradation for each image; `none` leaves it as it is. Degraded images have whole grey levels,
// like pictures. `stream` is for the noise, for which LibTorch's default generator is seeded anew.
at::Tensor degrade(const at::Tensor& levels, const std::vector<Degradation>& degradations,
                   const RandomStream& stream);

}  // namespace fer::augment
