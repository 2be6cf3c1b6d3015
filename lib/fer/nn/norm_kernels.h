// The loops of batch_norm_relu: batch normalisation, with or without ReLU, over rows of channels,
// compiled once for each vector width. A call gets raw pointers and a range of rows, so that the
// caller can divide rows among threads.
#pragma once

#include <cstdint>

#include "fer/nn/kernel_choice.h"

namespace fer::nn {

// [count, width] values; width is a multiple of kNormLanes.
struct NormRows {
  std::int64_t count, width;
};

constexpr std::int64_t kNormLanes = 16;

// Element: float, or std::uint16_t for the bits of a bfloat16. All other arrays are float [width].
// A value is open if ReLU passes it: if x * scale + offset is above 0.
template <typename Element>
struct NormLoops {
  // sum = sum of (x - origin), squares = sum of (x - origin)^2, over the rows.
  void (*measure)(const Element* x, NormRows rows, const float* origin, float* sum, float* squares);

  // y = x * scale + offset, with `relu` at least 0.
  void (*apply)(const Element* x, NormRows rows, const float* scale, const float* offset, bool relu,
                Element* y);

  // sum = sum of g, product = sum of g * (x - mean), where g is `gradient` where the value is open,
  // and otherwise 0.
  void (*measure_gradient)(const Element* x, const Element* gradient, NormRows rows,
                           const float* scale, const float* offset, const float* mean, bool relu,
                           float* sum, float* product);

  // to_x = g * scale + x * slope + level.
  void (*apply_gradient)(const Element* x, const Element* gradient, NormRows rows,
                         const float* scale, const float* offset, const float* slope,
                         const float* level, bool relu, Element* to_x);
};

struct NormKernels {
  const char* name;
  NormLoops<float> floats;
  NormLoops<std::uint16_t> brain_floats;
};

// The kernels for this processor's widest vectors.
const NormKernels& norm_kernels();

// All kernels that this processor can run, the narrowest vectors first.
KernelList<NormKernels> runnable_norm_kernels();

}  // namespace fer::nn
