// One block of the classic network in one step: convolution, ReLU, 2x2 max pooling.
#pragma once

#include <ATen/core/Tensor.h>

namespace fer::nn {

// relu(max_pool2d(conv2d(faces, weight, bias, padding 1), 2)), which is max_pool2d(relu(conv2d)):
// ReLU and max pooling commute. faces [N,I,H,W], weight [O,I,3,3], bias [O] -> [N,O,H/2,W/2], all
// of one floating dtype and device.
//
// On the CPU in float32, with H and W even and O a multiple of 16, bias, ReLU and pooling are one
// pass over the convolution's output and one over its gradient, where LibTorch's operators take
// six; for I = 1 the convolution is part of that pass. In all other cases LibTorch's operators run.
at::Tensor conv_relu_pool(const at::Tensor& faces, const at::Tensor& weight,
                          const at::Tensor& bias);

// conv_relu_pool() by LibTorch's operators alone, with which tests compare the fused pass.
at::Tensor conv_relu_pool_plain(const at::Tensor& faces, const at::Tensor& weight,
                                const at::Tensor& bias);

}  // namespace fer::nn
