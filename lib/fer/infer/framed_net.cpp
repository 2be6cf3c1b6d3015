#include "fer/infer/framed_net.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

namespace fer::infer {

FramedNet::FramedNet(FramedPlan plan) : plan_(std::move(plan)) {}

// Buffers that go back to their net when they are no longer needed.
class FramedNet::Lease {
 public:
  explicit Lease(const FramedNet& net) : net_(net) {
    const std::lock_guard<std::mutex> lock(net.mutex_);
    if (net.idle_.empty()) {
      buffers_ = net.make_buffers();
    } else {
      buffers_ = std::move(net.idle_.back());
      net.idle_.pop_back();
    }
  }
  ~Lease() {
    const std::lock_guard<std::mutex> lock(net_.mutex_);
    net_.idle_.push_back(std::move(buffers_));
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  MapBuffers& buffers() { return buffers_; }

 private:
  const FramedNet& net_;
  MapBuffers buffers_;
};

MapBuffers FramedNet::make_buffers() const {
  MapBuffers buffers;
  for (const MapShape& shape : plan_.slots) {
    buffers.emplace_back(static_cast<std::size_t>(plan_.group * shape.size()), 0.0F);
  }
  return buffers;
}

void FramedNet::load(MapBuffers& buffers, const float* faces, std::int64_t images) const {
  for (std::int64_t image = 0; image < images; ++image) {
    for (std::int64_t y = 0; y < side(); ++y, faces += side()) {
      std::copy_n(faces, side(), plan_.faces.row(buffers, image, y));
    }
  }
}

void FramedNet::run(MapBuffers& buffers, std::int64_t images, bool threaded) const {
  for (const FramedLayerPtr& layer : plan_.layers) {
    const std::int64_t pieces = layer->pieces(images);
    if (threaded && pieces > 1) {
      at::parallel_for(0, pieces, 1, [&](std::int64_t begin, std::int64_t end) {
        layer->run(buffers, images, begin, end);
      });
    } else {
      layer->run(buffers, images, 0, pieces);
    }
  }
}

void FramedNet::work(const float* faces, float* logits, std::int64_t begin, std::int64_t end,
                     bool threaded) const {
  Lease lease(*this);
  MapBuffers& buffers = lease.buffers();
  const std::int64_t classes = plan_.logits.shape.channels;
  for (std::int64_t first = begin; first < end; first += plan_.group) {
    const std::int64_t images = std::min(plan_.group, end - first);
    load(buffers, faces + first * side() * side(), images);
    run(buffers, images, threaded);
    for (std::int64_t i = 0; i < images; ++i) {
      std::copy_n(plan_.logits.row(buffers, i, 0), classes, logits + (first + i) * classes);
    }
  }
}

at::Tensor FramedNet::logits(const at::Tensor& faces) const {
  TORCH_CHECK(faces.dim() == 4 && faces.size(1) == 1 && faces.size(2) == side() &&
                  faces.size(3) == side() && faces.scalar_type() == at::kFloat,
              "a framed network takes float32 [N,1,", side(), ",", side(), "]");
  const at::Tensor dense = faces.contiguous();
  const std::int64_t count = dense.size(0);
  at::Tensor logits = at::empty({count, plan_.logits.shape.channels}, dense.options());
  const auto* from = dense.const_data_ptr<float>();
  auto* to = logits.data_ptr<float>();
  const bool alone = at::in_parallel_region() || at::get_num_threads() == 1;
  if (alone || count < at::get_num_threads()) {
    work(from, to, 0, count, /*threaded=*/!alone);
  } else {
    at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
      work(from, to, begin, end, /*threaded=*/false);
    });
  }
  return logits;
}

}  // namespace fer::infer
