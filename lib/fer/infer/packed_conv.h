// A convolution whose weights lie as the machine wants them, with bias, addition and ReLU in its
// own loop.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <memory>

#include "fer/nn/layer_plan.h"

namespace fer {

// The fastest way on this machine; the way of machines without AVX-512, tensor by tensor; or the one
// that can be differentiated, which oneDNN's operators cannot.
enum class NetUse { inference, operators, gradients };

class PackedConv {
 public:
  // Weights go to `device`. On a CPU they are packed for oneDNN, which LibTorch brings along, when
  // faces of a new shape first come; where it does not, and on other devices, the steps are
  // LibTorch's operators one by one, and so they are where gradients are asked for. Copies share
  // their packings; all may run at once.
  PackedConv(const ConvStep& step, at::Device device, NetUse use);

  // x [N,I,H,W] -> relu(conv(x) + bias), ReLU where the step has one.
  at::Tensor run(const at::Tensor& x) const;

  // relu(conv(x) + bias + other). `other` [N,O,H',W'] is written over where `may_overwrite`.
  at::Tensor run_onto(const at::Tensor& x, const at::Tensor& other, bool may_overwrite) const;

 private:
  // Batch, height, width and the calling thread's number of threads: what oneDNN chooses its packing
  // by.
  using InputShape = std::array<std::int64_t, 4>;
  class Packings;

  at::Tensor packed_for(const at::Tensor& x) const;
  at::Tensor plain(const at::Tensor& x) const;

  at::Tensor weight_, bias_;
  std::int64_t stride_, padding_, groups_;
  bool relu_;
  std::shared_ptr<Packings> packings_;  // none where oneDNN's operators do not run
};

}  // namespace fer
