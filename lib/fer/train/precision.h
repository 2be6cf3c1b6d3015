// Reduced precision in training.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <optional>
#include <vector>

#include "fer/train/train_options.h"

namespace fer::train {

// The mixed precision that this machine trains in: off, bf16 or fp16. `automatic` takes bf16 on a
// GPU (GPUs before compute capability 8.0 emulate it: ask for fp16 there), and on a CPU with AMX or
// AVX512-BF16 (other CPUs emulate it, ten times slower). @throws fer::OptionError for fp16 on a
// CPU, which is not supported.
MixedPrecision resolve_precision(MixedPrecision wanted, c10::Device device);

// Runs convolutions and products on this thread in reduced precision while it lives. Backward
// passes must be outside.
class ReducedPrecision {
 public:
  ReducedPrecision(MixedPrecision precision, c10::DeviceType device);
  ~ReducedPrecision();
  ReducedPrecision(const ReducedPrecision&) = delete;
  ReducedPrecision& operator=(const ReducedPrecision&) = delete;

 private:
  c10::DeviceType device_;
  bool on_, was_on_ = false;
  at::ScalarType was_type_ = at::kFloat;
};

// Scales an fp16 loss up, so that small gradients do not vanish, and the gradients down again, as
// torch.amp.GradScaler (Micikevicius et al. 2018, section 3.2). Off, it does nothing.
class LossScale {
 public:
  LossScale(bool on, c10::Device device);

  at::Tensor scaled(const at::Tensor& loss) const;

  // Divides the gradients by the scale and adapts it. False if one was not finite: it drops the
  // gradients, and the step must be skipped.
  bool unscale(const std::vector<at::Tensor>& parameters);

  // The state for checkpoints; it shares memory with this scale.
  std::vector<at::Tensor> state() const;

 private:
  bool on_;
  at::Tensor scale_, growth_;
};

}  // namespace fer::train
