// The layers of a network in use, over framed maps. Each divides its work into pieces that may run
// at once, on as many threads as there are.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "fer/infer/framed_map.h"
#include "fer/nn/layer_plan.h"

namespace fer {

class FramedLayer {
 public:
  virtual ~FramedLayer() = default;
  virtual std::int64_t pieces(std::int64_t images) const = 0;
  // Pieces [begin, end) of the work on the first `images` images in the buffers.
  virtual void run(MapBuffers& buffers, std::int64_t images, std::int64_t begin,
                   std::int64_t end) const = 0;
};

using FramedLayerPtr = std::unique_ptr<const FramedLayer>;

// What a layer does with the sum that its products make.
struct Finish {
  at::Tensor bias;                 // [O]
  const FramedMap* add = nullptr;  // of the shape of the result but for the frame; none: null
  bool relu = false;
};

struct Window {
  std::int64_t side, stride, padding;
};

// A convolution with weight [O,I,K,K], row by row: for maps of many pixels and channels. With
// `pools`, two rows are made at a time, and of 2x2 pixels the largest stays; then no addend.
FramedLayerPtr row_conv(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                        Window window, const Finish& finish, bool pools);

// The same for one channel in, a 3x3 window with padding 1, O a multiple of 16, and pooling.
FramedLayerPtr first_conv_pool(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                               const at::Tensor& bias);

// Each pixel's window as a row of a matrix, taps first: a map of to.side = the convolution's, with
// K*K*I channels and no frame.
FramedLayerPtr gather(const FramedMap& from, const FramedMap& to, Window window);

// Each pixel of `from`, which has no frame, times weight [O,D] -> `to`. Pixels of all images go
// into the product together. A `from` whose map is one pixel of `to` is flattened.
FramedLayerPtr pixel_product(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                             const Finish& finish);

// A convolution with a filter a channel: weight [C,1,K,K].
FramedLayerPtr depthwise_conv(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                              Window window, const Finish& finish);

// Windows that hang over the border count for what is in them.
enum class WindowPool { max, mean };
FramedLayerPtr window_pool(const FramedMap& from, const FramedMap& to, WindowPool kind,
                           Window window);

// relu(from * scale + shift), scale and shift [C].
FramedLayerPtr scale_relu(const FramedMap& from, const FramedMap& to, const at::Tensor& scale,
                          const at::Tensor& shift);

// from * sigmoid(gate) + add, then ReLU where asked for; gate a vector.
FramedLayerPtr gated(const FramedMap& from, const FramedMap& gate, const FramedMap& add,
                     const FramedMap& to, bool relu);

// The mean of all pixels, a vector.
FramedLayerPtr mean_of_map(const FramedMap& from, const FramedMap& to);

}  // namespace fer
