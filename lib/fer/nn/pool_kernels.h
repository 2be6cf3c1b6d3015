// The loops of conv_relu_pool: 2x2 max pooling fused with bias and ReLU, and the one-channel 3x3
// convolution before it, each compiled once per vector width. A call gets raw pointers and one
// image, so that the caller decides how images are divided among threads.
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

// Which of the four pixels (0 to 3, row by row) a pooled value came from, or that ReLU closed it.
constexpr std::uint8_t kRouteClosed = 4;

// Below, "pooled" is [height/2, width/2, channels], "framed" is an image with a border of one zero
// pixel, [height+2, width+2], and a weight is [9, channels].
struct PoolKernels {
  const char* name;

  // pooled = relu(max_pool(values) + bias). Of equal values the first wins; NaN wins over all.
  void (*pool)(const float* values, const float* bias, PoolShape shape, float* pooled,
               std::uint8_t* route);

  // The gradient of `pool`: to each value, all of them written; and to the bias.
  void (*unpool)(const float* pooled_gradient, const std::uint8_t* route, PoolShape shape,
                 float* gradient, float* bias_gradient);

  // pool(convolution(framed, weight)), without the values between them in memory.
  void (*convolve)(const float* framed, const float* weight, const float* bias, PoolShape shape,
                   float* pooled, std::uint8_t* route);

  // The gradient of `convolve`, to the weight and the bias.
  void (*convolve_gradient)(const float* framed, const float* pooled_gradient,
                            const std::uint8_t* route, PoolShape shape, float* weight_gradient,
                            float* bias_gradient);
};

// Those for the widest vectors this processor has.
const PoolKernels& pool_kernels();

// All that this processor can run, the plainest first.
KernelList<PoolKernels> runnable_pool_kernels();

}  // namespace fer::nn
