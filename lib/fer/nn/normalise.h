// The one normalisation (model/input_spec.h), for tensors.
#pragma once

#include <ATen/core/Tensor.h>

#include "fer/model/input_spec.h"

namespace fer::nn {

// Mean and standard deviation over all pixels. images: uint8 [N,48,48].
model::InputSpec measure_input_spec(const at::Tensor& images);

// images: uint8 or float [N,H,W] of grey levels 0-255 on any device -> float32 [N,1,H,W] on the
// same device.
at::Tensor normalise(const at::Tensor& images, const model::InputSpec& spec);

}  // namespace fer::nn
