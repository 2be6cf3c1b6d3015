// The loops of conv_relu_pool: 2x2 max pooling fused with bias and ReLU, and the one-channel 3x3
// convolution before it, each compiled once for each vector width. A call gets raw pointers and one
// image, so that the caller can divide images among threads.
#pragma once

#include <cstdint>

#include "fer/nn/kernel_choice.h"

namespace fer::nn {

// A layer's output before pooling: [height, width, channels], height and width even, channels a
// multiple of kPoolLanes.
struct PoolShape {
  std::int64_t height, width, channels;
};

constexpr std::int64_t kPoolLanes = 16;

// A route is the pixel (0 to 3, row by row) that a pooled value came from, or this number if ReLU
// closed it.
constexpr std::uint8_t kRouteClosed = 4;

// Below, "pooled" is [height/2, width/2, channels], "framed" is an image with a border of one zero
// pixel, [height+2, width+2], and a weight is [9, channels].
struct PoolKernels {
  const char* name;

  // pooled = relu(max_pool(values) + bias). The first of equal values wins; NaN wins over all.
  void (*pool)(const float* values, const float* bias, PoolShape shape, float* pooled,
               std::uint8_t* route);

  // The gradient of `pool` for every value and for the bias.
  void (*unpool)(const float* pooled_gradient, const std::uint8_t* route, PoolShape shape,
                 float* gradient, float* bias_gradient);

  // pool(convolution(framed, weight)), without intermediate values in memory.
  void (*convolve)(const float* framed, const float* weight, const float* bias, PoolShape shape,
                   float* pooled, std::uint8_t* route);

  // The gradient of `convolve` for the weight and the bias.
  void (*convolve_gradient)(const float* framed, const float* pooled_gradient,
                            const std::uint8_t* route, PoolShape shape, float* weight_gradient,
                            float* bias_gradient);
};

// The kernels for this processor's widest vectors.
const PoolKernels& pool_kernels();

// All kernels that this processor can run, the narrowest vectors first.
KernelList<PoolKernels> runnable_pool_kernels();

}  // namespace fer::nn
