// The layers of a network at inference, over padded NHWC maps (framed_map.h). Each divides its work
// into pieces that may run at the same time, on several threads.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "fer/infer/framed_map.h"
#include "fer/nn/layer_plan.h"

namespace fer::infer {

class FramedLayer {
 public:
  virtual ~FramedLayer() = default;
  virtual std::int64_t pieces(std::int64_t images) const = 0;
  // Pieces [begin, end) of the work on the first `images` images in the buffers.
  virtual void run(MapBuffers& buffers, std::int64_t images, std::int64_t begin,
                   std::int64_t end) const = 0;
};

using FramedLayerPtr = std::unique_ptr<const FramedLayer>;

// The epilogue of a layer: what it does with the result of its matrix products.
struct Finish {
  at::Tensor bias;                 // [O]
  const FramedMap* add = nullptr;  // of the shape of the result but for the frame; none: null
  bool relu = false;
};

struct SlidingWindow {
  std::int64_t side, stride, padding;
};

// A convolution with weight [O,I,K,K], computed row by row: for maps of many pixels and channels.
// With `pools` it computes two rows at a time and keeps the largest of each 2x2 pixels; it cannot
// have an addend then.
FramedLayerPtr row_conv(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                        SlidingWindow window, const Finish& finish, bool pools);

// The same for one input channel, a 3x3 window with padding 1, O a multiple of 16, and pooling.
FramedLayerPtr first_conv_pool(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                               const at::Tensor& bias);

// im2col: the window of each pixel as a row of a matrix, tap by tap. `to` has the side of the
// convolution's output, K*K*I channels and no halo.
FramedLayerPtr gather(const FramedMap& from, const FramedMap& to, SlidingWindow window);

// A matrix product (gemm): each pixel of `from`, which has no halo, times weight [O,D] -> `to`. The
// pixels of all images go into one product. Where `to` has one pixel, the whole map of `from` is
// flattened into one row.
FramedLayerPtr pixel_product(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                             const Finish& finish);

// A depthwise convolution, one filter per channel: weight [C,1,K,K].
FramedLayerPtr depthwise_conv(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                              SlidingWindow window, const Finish& finish);

// Windows that reach over the border pool the pixels inside only.
enum class WindowPool { max, mean };
FramedLayerPtr window_pool(const FramedMap& from, const FramedMap& to, WindowPool kind,
                           SlidingWindow window);

// relu(from * scale + shift), scale and shift [C].
FramedLayerPtr scale_relu(const FramedMap& from, const FramedMap& to, const at::Tensor& scale,
                          const at::Tensor& shift);

// from * sigmoid(gate) + add, then ReLU where asked for; gate a vector.
FramedLayerPtr gated(const FramedMap& from, const FramedMap& gate, const FramedMap& add,
                     const FramedMap& to, bool relu);

// The mean of all pixels, a vector.
FramedLayerPtr mean_of_map(const FramedMap& from, const FramedMap& to);

}  // namespace fer::infer
