// A trained network prepared for inference, with weights packed for the machine and nothing that only
// training needs: by runtime/ on a CPU, else by its plan (nn/layer_plan.h) and LibTorch's operators.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <vector>

#include "fer/infer/cpu_net.h"
#include "fer/infer/packed_conv.h"
#include "fer/model/model_file.h"

namespace fer::infer {

class FrozenNet {
 public:
  // A copy of the weights as they are now, on the device where the network lives.
  explicit FrozenNet(const model::Model& model, NetUse use = NetUse::inference);

  // faces: float32 [N,1,S,S] on that device, normalised -> logits float32 [N,C]: what the network's
  // forward gives in evaluation mode, up to rounding. May be called from several threads at once.
  at::Tensor logits(const at::Tensor& faces) const;

  // The logits, and the last feature map [N,K,H,W] before them that has a side of at least
  // `least_side` pixels and that all later steps depend on alone; the faces themselves where there
  // is none. Differentiable, for a network frozen with NetUse::gradients.
  struct Insight {
    at::Tensor map, logits;
  };
  Insight insight(const at::Tensor& faces, std::int64_t least_side) const;

  // Whether weights are packed anew for each new size of batch, so that few sizes are better.
  bool prefers_equal_batches() const { return cpu_ == nullptr; }

  at::Device device() const { return device_; }

 private:
  using Values = std::vector<at::Tensor>;
  using Run = std::function<at::Tensor(const Values&)>;
  struct Stage {
    Run run;
    std::vector<nn::ValueId> dead_after;  // values nobody reads any more
    bool narrow = false;  // whether all that follows reads nothing older than its result
  };

  // Made when first needed, which is rare on a CPU.
  struct Stages;
  const std::vector<Stage>& stages() const;

  at::Device device_;
  std::shared_ptr<Stages> stages_;
  std::shared_ptr<const CpuNet> cpu_;  // what logits() runs, where there is one
};

}  // namespace fer::infer
