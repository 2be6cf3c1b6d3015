// The one normalisation (model/input_spec.h), for tensors.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

#include "fer/model/input_spec.h"

namespace fer::nn {

// How often each level comes: mean and standard deviation over all pixels of images that come in
// parts. Both sums are exact, whatever their order and the number of threads.
class LevelCounts {
 public:
  void add(const at::Tensor& images);  // uint8, any shape
  model::InputSpec input_spec() const;

 private:
  std::array<std::int64_t, 256> counts_{};
};

// The same of images that are there at once.
model::InputSpec measure_input_spec(const at::Tensor& images);

// images: uint8 or float [N,H,W] of grey levels 0-255 on any device -> float32 [N,1,H,W] on the
// same device.
at::Tensor normalise(const at::Tensor& images, const model::InputSpec& spec);

}  // namespace fer::nn
