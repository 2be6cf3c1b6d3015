// A network at inference on a processor with AVX-512: layers over padded NHWC maps, with no tensor
// library between them. A single image is divided among the threads by rows. Of many images each
// thread takes a few through the whole network, so that they stay in its own cache.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <mutex>
#include <vector>

#include "fer/infer/framed_plan.h"

namespace fer::infer {

class FramedNet {
 public:
  explicit FramedNet(FramedPlan plan);

  // faces: float32 [N,1,side(),side()], CPU, normalised -> logits float32 [N,C]. A face's logits do
  // not depend on the others, nor on the number of threads. May be called from several threads at
  // once; each call has buffers of its own.
  at::Tensor logits(const at::Tensor& faces) const;

  std::int64_t side() const { return plan_.faces.shape.side; }

 private:
  class Lease;

  MapBuffers make_buffers() const;
  void load(MapBuffers& buffers, const float* faces, std::int64_t images) const;
  void run(MapBuffers& buffers, std::int64_t images, bool threaded) const;
  // Images [begin, end), one group after the other.
  void work(const float* faces, float* logits, std::int64_t begin, std::int64_t end,
            bool threaded) const;

  FramedPlan plan_;
  mutable std::mutex mutex_;
  mutable std::vector<MapBuffers> idle_;
};

}  // namespace fer::infer
