// The layers of a network over padded NHWC maps (runtime/map.h). Each divides its work into pieces
// that may run at the same time, on several threads. A layer makes an upper left corner of its
// result, `part`, and layers that take a map as a whole, like dense ones, all of it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/graph/reach.h"
#include "fer/runtime/kernels/kernels.h"
#include "fer/runtime/map.h"

namespace fer::runtime {

class Layer {
 public:
  virtual ~Layer() = default;
  virtual std::int64_t pieces(std::int64_t images, const graph::Extent& part) const = 0;
  // One piece of the work on the first `images` images in the slots.
  virtual void run(Slots& slots, std::int64_t images, const graph::Extent& part,
                   std::int64_t piece) const = 0;
};

using LayerPtr = std::unique_ptr<const Layer>;

// A convolution that is not depthwise, or a dense layer: then the window is the whole map.
struct ConvWeights {
  std::int64_t outputs, kernel_height, kernel_width, stride, padding;
  const std::vector<float>& weights;  // [outputs, channels, kernel_height, kernel_width]
  const std::vector<float>& bias;
  bool relu;
  bool pools;  // then keeps the largest of each 2x2 pixels
};

// `add`: a map of the result's size, or null; none where it pools.
LayerPtr conv_layer(const Kernels& kernels, const Map& from, const Map& to, const Map* add,
                    const ConvWeights& weights);
LayerPtr depthwise_layer(const Kernels& kernels, const Map& from, const Map& to,
                         const graph::Conv& conv);
LayerPtr pool_layer(const Kernels& kernels, const Map& from, const Map& to,
                    const graph::Pool& pool);
LayerPtr mean_layer(const Kernels& kernels, const Map& from, const Map& to);
// For each channel; empty lists: scales of 1, shifts of 0, no slopes.
struct AffineWeights {
  const std::vector<float>&scale, &shift, &slopes;
  bool relu;
};
// relu(from * scale + shift + add), negative numbers times their slope; `add` may be null.
LayerPtr affine_layer(const Kernels& kernels, const Map& from, const Map* add, const Map& to,
                      const AffineWeights& weights);
// relu(from * opens(gate) + add); gate is a vector of float32.
LayerPtr gate_layer(const Kernels& kernels, const Map& from, const Map& gate,
                    graph::Activation opens, const Map* add, const Map& to, bool relu);
// In place, of float32.
LayerPtr activation_layer(const Map& map, graph::Activation activation);
// Zeros around the map.
LayerPtr halo_layer(const Map& map);
// Each pixel as a block of pixels; both maps of one type.
LayerPtr upsample_layer(const Map& from, const Map& to, std::int64_t factor);
LayerPtr pixel_shuffle_layer(const Map& from, const Map& to, std::int64_t block);
// For maps of float32 alone.
LayerPtr resize_layer(const Map& from, const Map& to, const graph::Resize& resize);
LayerPtr multiply_layer(const Map& from, const Map& other, const Map& to);
// The channels of `from` as those of `to` from `channel` on; both of one type.
LayerPtr copy_channels_layer(const Map& from, const Map& to, std::int64_t channel);

}  // namespace fer::runtime
