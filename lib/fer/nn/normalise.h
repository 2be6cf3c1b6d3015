// The normalisation of model/input_spec.h for tensors.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <vector>

#include "fer/model/input_spec.h"

namespace fer::nn {

// Counts the levels of each channel, for mean and standard deviation over all pixels of images that
// come in parts. All sums are exact, so their order and the number of threads have no effect.
class LevelCounts {
 public:
  explicit LevelCounts(const FaceFormat& format);
  void add(const at::Tensor& images);  // uint8, of the format: [N,H,W] or [N,H,W,3]
  model::InputSpec input_spec() const;

 private:
  FaceFormat format_;
  std::vector<std::array<std::int64_t, 256>> counts_;  // of each channel
};

// images: uint8 or float [N,H,W] or [N,H,W,3] of levels 0-255 on any device -> float32 [N,1,H,W] or
// [N,3,H,W] on the same device. The number of channels must be that of the spec's format.
at::Tensor normalise(const at::Tensor& images, const model::InputSpec& spec);

}  // namespace fer::nn
