#include "fer/runtime/layers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "fer/runtime/row_layer.h"

namespace fer::runtime {

namespace {

class DepthwiseLayer final : public RowLayer {
 public:
  DepthwiseLayer(const Kernels& kernels, const Map& from, const Map& to, const graph::Conv& conv)
      : RowLayer(to),
        kernels_(kernels),
        from_(from),
        kernel_height_(conv.kernel_height),
        kernel_width_(conv.kernel_width),
        stride_(conv.stride),
        padding_(conv.padding),
        relu_(conv.activation == graph::Activation::relu),
        weights_(conv.weights.size()),
        bias_(conv.bias) {
    const std::size_t channels = bias_.size(), taps = weights_.size() / channels;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      weights_[i % taps * channels + i / taps] = conv.weights[i];
    }
  }

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    kernels_.depthwise({.from = from_.window(slots, image, y * stride_, padding_),
                        .from_col = stride_ * from_.shape.pixel(),
                        .window_pitch = from_.shape.row(),
                        .kernel_height = kernel_height_,
                        .kernel_width = kernel_width_,
                        .weights = weights_.data(),
                        .bias = bias_.data(),
                        .to = to_.row(slots, image, y),
                        .pixels = width,
                        .channels = to_.shape.size.channels,
                        .from_type = from_.shape.type,
                        .to_type = to_.shape.type,
                        .relu = relu_});
  }

 private:
  const Kernels& kernels_;
  Map from_;
  std::int64_t kernel_height_, kernel_width_, stride_, padding_;
  bool relu_;
  std::vector<float> weights_, bias_;
};

class PoolLayer final : public RowLayer {
 public:
  PoolLayer(const Kernels& kernels, const Map& from, const Map& to, const graph::Pool& pool)
      : RowLayer(to), kernels_(kernels), from_(from), pool_(pool) {}

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    const auto [top, bottom] = inside(y, from_.shape.size.height);
    const std::int64_t side = from_.shape.size.width;
    // Neighbours whose windows are equally wide go together: all but those at the borders.
    for (std::int64_t x = 0, next = 0; x < width; x = next) {
      const auto window = inside(x, side);  // no binding: Clang 14 captures none
      const auto [left, right] = window;
      const auto is_like_first = [&](std::int64_t other) {
        const auto [other_left, other_right] = inside(other, side);
        return other_right - other_left == window[1] - window[0] &&
               other_left - window[0] == (other - x) * pool_.stride;
      };
      next = x + 1;
      while (next < width && is_like_first(next)) ++next;
      kernels_.pool({.from = from_.row(slots, image, top) + left * from_.shape.pixel(),
                     .from_col = pool_.stride * from_.shape.pixel(),
                     .from_row = from_.shape.row(),
                     .rows = bottom - top,
                     .cols = right - left,
                     .channels = to_.shape.size.channels,
                     .to = to_.row(slots, image, y) + x * to_.shape.pixel(),
                     .pixels = next - x,
                     .from_type = from_.shape.type,
                     .to_type = to_.shape.type,
                     .mean = pool_.kind == graph::PoolKind::average,
                     .scale = from_.scale / to_.scale});
    }
  }

 private:
  // The window at one place, cut at the border: [first, last).
  std::array<std::int64_t, 2> inside(std::int64_t place, std::int64_t side) const {
    const std::int64_t start = place * pool_.stride - pool_.padding;
    return {std::max<std::int64_t>(start, 0), std::min(start + pool_.kernel, side)};
  }

  const Kernels& kernels_;
  Map from_;
  graph::Pool pool_;
};

std::vector<float> filled(const std::vector<float>& numbers, std::int64_t count, float usual) {
  if (!numbers.empty()) return numbers;
  return std::vector<float>(static_cast<std::size_t>(count), usual);
}

class AffineLayer : public RowLayer {
 public:
  AffineLayer(const Kernels& kernels, const Map& from, const Map* add, const Map& to,
              const AffineWeights& weights)
      : RowLayer(to),
        kernels_(kernels),
        from_(from),
        add_(add == nullptr ? Map{} : *add),
        has_add_(add != nullptr),
        scale_(filled(weights.scale, to.shape.size.channels, 1.0F)),
        shift_(filled(weights.shift, to.shape.size.channels, 0.0F)),
        slopes_(weights.slopes),
        relu_(weights.relu) {
    for (float& scale : scale_) scale *= from.scale / to.scale;
    for (float& shift : shift_) shift /= to.scale;
  }

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    scaled_row(slots, image, y, width, scale_.data());
  }

  void scaled_row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width,
                  const float* scale) const {
    kernels_.elements({.from = from_.row(slots, image, y),
                       .add = has_add_ ? add_.row(slots, image, y) : nullptr,
                       .to = to_.row(slots, image, y),
                       .scale = scale,
                       .shift = shift_.data(),
                       .slope = slopes_.empty() ? nullptr : slopes_.data(),
                       .add_scale = add_.scale / to_.scale,
                       .pixels = width,
                       .channels = to_.shape.size.channels,
                       .from_type = from_.shape.type,
                       .add_type = add_.shape.type,
                       .to_type = to_.shape.type,
                       .relu = relu_});
  }

 private:
  const Kernels& kernels_;
  Map from_, add_;
  bool has_add_;
  std::vector<float> scale_, shift_, slopes_;
  bool relu_;
};

float sigmoid(float x) { return 1.0F / (1.0F + std::exp(-x)); }

float hard_sigmoid(float x) { return std::clamp(x * (1.0F / 6.0F) + 0.5F, 0.0F, 1.0F); }

template <typename Function>
void replace_all(float* numbers, std::int64_t count, const Function& function) {
  for (std::int64_t i = 0; i < count; ++i) numbers[i] = function(numbers[i]);
}

// In place.
void activate(float* numbers, std::int64_t count, graph::Activation activation) {
  using graph::Activation;
  switch (activation) {
    case Activation::none:
      return;
    case Activation::relu:
      return replace_all(numbers, count, [](float x) { return std::max(x, 0.0F); });
    case Activation::relu6:
      return replace_all(numbers, count, [](float x) { return std::clamp(x, 0.0F, 6.0F); });
    case Activation::sigmoid:
      return replace_all(numbers, count, sigmoid);
    case Activation::hard_sigmoid:
      return replace_all(numbers, count, hard_sigmoid);
    case Activation::hard_swish:
      return replace_all(numbers, count, [](float x) { return x * hard_sigmoid(x); });
    case Activation::swish:
      return replace_all(numbers, count, [](float x) { return x * sigmoid(x); });
  }
}

class GateLayer final : public AffineLayer {
 public:
  GateLayer(const Kernels& kernels, const Map& from, const Map& gate, graph::Activation opens,
            const Map* add, const Map& to, bool relu)
      : AffineLayer(kernels, from, add, to, {{}, {}, {}, relu}),
        gate_(gate),
        opens_(opens),
        step_(from.scale / to.scale) {}

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    thread_local std::vector<float> open;
    const auto* raw = reinterpret_cast<const float*>(gate_.row(slots, image, 0));
    open.assign(raw, raw + gate_.shape.size.channels);
    activate(open.data(), gate_.shape.size.channels, opens_);
    for (float& share : open) share *= step_;
    scaled_row(slots, image, y, width, open.data());
  }

 private:
  Map gate_;
  graph::Activation opens_;
  float step_;  // of what is read, in steps of the result
};

class UpsampleLayer final : public RowLayer {
 public:
  UpsampleLayer(const Map& from, const Map& to, std::int64_t factor)
      : RowLayer(to), from_(from), factor_(factor) {}

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    const auto pixel = static_cast<std::size_t>(from_.shape.pixel());
    const char* from = from_.row(slots, image, y / factor_);
    char* to = to_.row(slots, image, y);
    for (std::int64_t x = 0; x < width; x += factor_, from += pixel) {
      for (std::int64_t i = 0; i < factor_; ++i, to += pixel) std::memcpy(to, from, pixel);
    }
  }

 private:
  Map from_;
  std::int64_t factor_;
};

// A row of a block lies in one piece, both among the channels and where it goes.
class PixelShuffleLayer final : public RowLayer {
 public:
  PixelShuffleLayer(const Map& from, const Map& to, std::int64_t block)
      : RowLayer(to), from_(from), block_(block) {}

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    const std::int64_t piece = block_ * to_.shape.pixel();
    const char* from = from_.row(slots, image, y / block_) + y % block_ * piece;
    char* to = to_.row(slots, image, y);
    for (std::int64_t x = 0; x < width; x += block_) {
      std::memcpy(to, from, static_cast<std::size_t>(piece));
      from += from_.shape.pixel();
      to += piece;
    }
  }

 private:
  Map from_;
  std::int64_t block_;
};

// A layer whose pieces are the images.
class ImageLayer : public Layer {
 public:
  std::int64_t pieces(std::int64_t images, const graph::Extent&) const override { return images; }
};

class MeanLayer final : public ImageLayer {
 public:
  MeanLayer(const Kernels& kernels, const Map& from, const Map& to)
      : kernels_(kernels), from_(from), to_(to) {}

  void run(Slots& slots, std::int64_t, const graph::Extent&, std::int64_t image) const override {
    kernels_.pool({.from = from_.row(slots, image, 0),
                   .from_col = 0,
                   .from_row = from_.shape.row(),
                   .rows = from_.shape.size.height,
                   .cols = from_.shape.size.width,
                   .channels = from_.shape.size.channels,
                   .to = to_.row(slots, image, 0),
                   .pixels = 1,
                   .from_type = from_.shape.type,
                   .to_type = to_.shape.type,
                   .mean = true,
                   .scale = from_.scale / to_.scale});
  }

 private:
  const Kernels& kernels_;
  Map from_, to_;
};

class ActivationLayer final : public RowLayer {
 public:
  ActivationLayer(const Map& map, graph::Activation activation)
      : RowLayer(map), activation_(activation) {}

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    activate(reinterpret_cast<float*>(to_.row(slots, image, y)), width * to_.shape.size.channels,
             activation_);
  }

 private:
  graph::Activation activation_;
};

class HaloLayer final : public ImageLayer {
 public:
  explicit HaloLayer(const Map& map) : map_(map) {}

  void run(Slots& slots, std::int64_t, const graph::Extent&, std::int64_t image) const override {
    const std::int64_t halo = map_.shape.halo, side = halo * map_.shape.pixel();
    const std::int64_t height = map_.shape.size.height, row = map_.shape.row();
    for (std::int64_t y = -halo; y < height + halo; ++y) {
      char* left = map_.row(slots, image, y) - side;
      const bool inside = y >= 0 && y < height;
      std::memset(left, 0, static_cast<std::size_t>(inside ? side : row));
      if (inside) std::memset(left + row - side, 0, static_cast<std::size_t>(side));
    }
  }

 private:
  Map map_;
};

class CopyChannelsLayer final : public ImageLayer {
 public:
  CopyChannelsLayer(const Map& from, const Map& to, std::int64_t channel)
      : from_(from), to_(to), offset_(channel * bytes_of(to.shape.type)) {}

  void run(Slots& slots, std::int64_t, const graph::Extent& part,
           std::int64_t image) const override {
    for (std::int64_t y = 0; y < part.height; ++y) {
      const char* from = from_.row(slots, image, y);
      char* to = to_.row(slots, image, y) + offset_;
      for (std::int64_t x = 0; x < part.width; ++x) {
        std::memcpy(to, from, static_cast<std::size_t>(from_.shape.pixel()));
        from += from_.shape.pixel();
        to += to_.shape.pixel();
      }
    }
  }

 private:
  Map from_, to_;
  std::int64_t offset_;
};

}  // namespace

LayerPtr depthwise_layer(const Kernels& kernels, const Map& from, const Map& to,
                         const graph::Conv& conv) {
  return std::make_unique<DepthwiseLayer>(kernels, from, to, conv);
}

LayerPtr pool_layer(const Kernels& kernels, const Map& from, const Map& to,
                    const graph::Pool& pool) {
  return std::make_unique<PoolLayer>(kernels, from, to, pool);
}

LayerPtr mean_layer(const Kernels& kernels, const Map& from, const Map& to) {
  return std::make_unique<MeanLayer>(kernels, from, to);
}

LayerPtr affine_layer(const Kernels& kernels, const Map& from, const Map* add, const Map& to,
                      const AffineWeights& weights) {
  return std::make_unique<AffineLayer>(kernels, from, add, to, weights);
}

LayerPtr gate_layer(const Kernels& kernels, const Map& from, const Map& gate,
                    graph::Activation opens, const Map* add, const Map& to, bool relu) {
  return std::make_unique<GateLayer>(kernels, from, gate, opens, add, to, relu);
}

LayerPtr activation_layer(const Map& map, graph::Activation activation) {
  return std::make_unique<ActivationLayer>(map, activation);
}

LayerPtr halo_layer(const Map& map) { return std::make_unique<HaloLayer>(map); }

LayerPtr upsample_layer(const Map& from, const Map& to, std::int64_t factor) {
  return std::make_unique<UpsampleLayer>(from, to, factor);
}

LayerPtr pixel_shuffle_layer(const Map& from, const Map& to, std::int64_t block) {
  return std::make_unique<PixelShuffleLayer>(from, to, block);
}

LayerPtr copy_channels_layer(const Map& from, const Map& to, std::int64_t channel) {
  return std::make_unique<CopyChannelsLayer>(from, to, channel);
}

}  // namespace fer::runtime
