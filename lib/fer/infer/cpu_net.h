// A trained network on the CPU: runtime/ with tensors at both ends.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "fer/model/model_file.h"
#include "fer/runtime/executable.h"

namespace fer::infer {

class CpuNet {
 public:
  // With a copy of the weights as they are now. Null where runtime/ does not run the model: for an
  // architecture that is not in the table, and for weights that are not finite.
  static std::shared_ptr<const CpuNet> of(const model::Model& model);

  // faces: float32 [N,1,48,48], CPU, normalised -> logits float32 [N,C]. A face's logits do not
  // depend on the others, nor on the number of threads. May be called from several threads at once.
  at::Tensor logits(const at::Tensor& faces) const;

  std::int64_t side() const { return executable_.input().height; }

 private:
  explicit CpuNet(const graph::Graph& graph);

  void work(const float* faces, float* logits, std::int64_t count, runtime::Team& team) const;

  runtime::Executable executable_;
};

}  // namespace fer::infer
