// A convolution whose weights are packed for the machine, with bias, addition and ReLU fused into
// it.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <memory>

#include "fer/nn/layer_plan.h"

namespace fer::infer {

// inference: the fastest way on this machine. operators: LibTorch's, one after the other. gradients: can be differentiated, which oneDNN's operators cannot.
enum class NetUse { inference, operators, gradients };

class PackedConv {
 public:
  // Weights go to `device`. On a CPU they are packed for the oneDNN inside LibTorch when faces of a
  // new shape first come. In a LibTorch without oneDNN, on other devices, and where gradients are
  // asked for, LibTorch's operators run one by one. Copies share their packings; all may run at the
  // same time.
  PackedConv(const nn::ConvStep& step, at::Device device, NetUse use);

  // x [N,I,H,W] -> relu(conv(x) + bias), ReLU where the step has one.
  at::Tensor run(const at::Tensor& x) const;

  // relu(conv(x) + bias + other). `other` [N,O,H',W'] is written over where `may_overwrite`.
  at::Tensor run_onto(const at::Tensor& x, const at::Tensor& other, bool may_overwrite) const;

 private:
  // What oneDNN chooses its packing by: batch, height, width and the calling thread's number of
  // threads.
  using InputShape = std::array<std::int64_t, 4>;
  class Packings;

  at::Tensor packed_for(const at::Tensor& x) const;
  at::Tensor plain(const at::Tensor& x) const;

  at::Tensor weight_, bias_;
  std::int64_t stride_, padding_, groups_;
  bool relu_;
  std::shared_ptr<Packings> packings_;  // none where oneDNN's operators do not run
};

}  // namespace fer::infer
