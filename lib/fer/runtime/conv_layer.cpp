#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "fer/graph/eight_bit.h"
#include "fer/runtime/aligned.h"
#include "fer/runtime/layers.h"

namespace fer::runtime {

namespace {

// To the nearest, ties to even; finite numbers only.
std::uint16_t bfloat16_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16);
}

// The weights of word `d` of a window's row, for numbers of this type. `step`: what one of them is
// worth, in integers; what all are divided by, in floats.
template <typename WeightAt>
std::uint32_t word_of(Number type, std::int64_t d, float step, const WeightAt& weight_at) {
  std::uint32_t word = 0;
  const std::int64_t count = 4 / bytes_of(type);
  for (std::int64_t i = 0; i < count; ++i) {
    const float weight = weight_at(d * count + i);
    const auto place = static_cast<unsigned>(i * 32 / count);
    switch (type) {
      case Number::float32:
        return std::bit_cast<std::uint32_t>(weight / step);
      case Number::bfloat16:
        word |= std::uint32_t{bfloat16_of(weight / step)} << place;
        break;
      case Number::uint8:
        word |= (static_cast<std::uint32_t>(graph::eight_bit_weight(weight, step)) & 0xFFU)
                << place;
        break;
      case Number::wide_uint8:
        word |= (static_cast<std::uint32_t>(graph::eight_bit_weight(weight, step)) & 0xFFFFU)
                << place;
        break;
    }
  }
  return word;
}

// Weights in the order in which a window's numbers lie in memory: row by row, pixel by pixel.
class WindowWeights {
 public:
  WindowWeights(const ConvWeights& conv, std::int64_t channels)
      : conv_(conv), channels_(channels), taps_(conv.kernel_height * conv.kernel_width) {}

  std::int64_t numbers() const { return conv_.kernel_width * channels_; }  // of a row

  // Zero beyond a row's last number.
  float at(std::int64_t output, std::int64_t row, std::int64_t number) const {
    if (number >= numbers()) return 0.0F;
    const std::int64_t tap = row * conv_.kernel_width + number / channels_;
    const std::int64_t input = output * channels_ + number % channels_;
    return conv_.weights[static_cast<std::size_t>(input * taps_ + tap)];
  }

  float step(std::int64_t output) const {
    const auto count = static_cast<std::size_t>(channels_ * taps_);
    return graph::weight_step(
        std::span(conv_.weights).subspan(static_cast<std::size_t>(output) * count, count));
  }

 private:
  const ConvWeights& conv_;
  std::int64_t channels_, taps_;
};

// How the output channels are cut: all panels have as many vectors but the last.
struct Panels {
  int vectors = 1;
  std::int64_t count = 1;
  int last_vectors = 1;
};

Panels panels_of(std::int64_t all_vectors, int vectors) {
  const std::int64_t count = (all_vectors + vectors - 1) / vectors;
  return {vectors, count, static_cast<int>(all_vectors - (count - 1) * vectors)};
}

// Convolutions and dense layers. Where the result is one pixel, the images of a group are the
// places of a tile.
class ConvLayer final : public Layer {
 public:
  ConvLayer(const Kernels& kernels, const Map& from, const Map& to, const Map* add,
            const ConvWeights& conv)
      : kernels_(kernels),
        from_(from),
        to_(to),
        add_(add == nullptr ? Map{} : *add),
        has_add_(add != nullptr),
        relu_(conv.relu),
        pools_(conv.pools),
        alone_(to.shape.size.height == 1 && to.shape.size.width == 1 && !conv.pools),
        stride_(conv.stride),
        padding_(conv.padding),
        window_rows_(conv.kernel_height),
        rows_(to.shape.size.height * (conv.pools ? 2 : 1)),
        cols_(to.shape.size.width * (conv.pools ? 2 : 1)) {
    choose_panels(conv.outputs);
    pack(conv);
  }

  std::int64_t pieces(std::int64_t images, const graph::Extent& part) const override {
    return panels_.count * (alone_ ? 1 : images * bands(part));
  }

  // Panel by panel: its weights stay in the core's own cache while all pixels go by.
  void run(Slots& slots, std::int64_t images, const graph::Extent& part,
           std::int64_t piece) const override {
    if (alone_) {
      run_images(slots, images, piece);
    } else {
      const std::int64_t count = bands(part), each = images * count;
      run_band(slots, part, piece / each, piece % each / count, piece % count);
    }
  }

 private:
  static constexpr std::int64_t kImagesPlanned = 6;

  int lanes() const { return kernels_.lanes; }
  // Rows of places, before pooling.
  std::int64_t rows(const graph::Extent& part) const { return part.height * (pools_ ? 2 : 1); }
  std::int64_t bands(const graph::Extent& part) const {
    return (rows(part) + tile_.rows - 1) / tile_.rows;
  }
  int vectors(std::int64_t panel) const {
    return panel + 1 == panels_.count ? panels_.last_vectors : panels_.vectors;
  }

  void choose_panels(std::int64_t outputs) {
    const std::int64_t all = (outputs + lanes() - 1) / lanes();
    const Grid grid{alone_ ? 1 : rows_, alone_ ? kImagesPlanned : cols_, from_.shape.type, pools_,
                    alone_};
    if (const int vectors = kernels_.pair_vectors(grid, outputs); vectors > 0) {
      panels_ = {vectors, 1, vectors};
      paired_ = true;
      tile_ = last_tile_ = kernels_.tile({rows_, cols_ / 2, grid.type, false, false}, vectors);
      return;
    }
    double least = 0.0;
    for (int vectors = 1; vectors <= kMostVectors; ++vectors) {
      const Panels panels = panels_of(all, vectors);
      const double cost =
          static_cast<double>(panels.count - 1) * kernels_.cost(grid, panels.vectors) +
          kernels_.cost(grid, panels.last_vectors);
      if (vectors > 1 && cost > least) continue;
      least = cost;
      panels_ = panels;
    }
    tile_ = kernels_.tile(grid, panels_.vectors);
    last_tile_ = kernels_.tile(grid, panels_.last_vectors);
    // Bands of rows are the same for all panels.
    if (last_tile_.rows != tile_.rows) last_tile_ = tile_;
  }

  // Weights by panel, window row, depth, vector and lane, each a word of as many weights of
  // neighbouring depths as numbers of the map fit into four bytes.
  void pack(const ConvWeights& conv) {
    const WindowWeights window(conv, from_.shape.size.channels);
    const Number type = from_.shape.type;
    const std::int64_t step = type == Number::bfloat16 ? kernels_.depth_step : 1;
    const std::int64_t words = (window.numbers() * bytes_of(type) + 3) / 4;
    depth_ = (words + step - 1) / step * step;
    const std::int64_t width = static_cast<std::int64_t>(panels_.vectors) * lanes();
    panel_bytes_ = window_rows_ * depth_ * width * 4;
    weights_.assign(static_cast<std::size_t>(panels_.count * panel_bytes_ / 4), 0U);
    bias_.assign(static_cast<std::size_t>(panels_.count * width), 0.0F);
    if (is_integer(type)) scale_ = bias_;
    const std::int64_t lanes_used = conv.outputs * (paired_ ? 2 : 1);
    for (std::int64_t lane = 0; lane < lanes_used; ++lane) {
      const std::int64_t output = lane % conv.outputs;
      bias_[static_cast<std::size_t>(lane)] =
          conv.bias[static_cast<std::size_t>(output)] / to_.scale;
      const float weight_step = is_integer(type) ? window.step(output) : to_.scale;
      if (is_integer(type)) {
        scale_[static_cast<std::size_t>(lane)] = from_.scale * weight_step / to_.scale;
      }
      const std::int64_t panel = lane / width;
      const std::int64_t pitch = static_cast<std::int64_t>(vectors(panel)) * lanes();
      std::uint32_t* packed = weights_.data() + panel * panel_bytes_ / 4 + lane % width;
      for (std::int64_t row = 0; row < window_rows_; ++row) {
        for (std::int64_t d = 0; d < depth_; ++d, packed += pitch) {
          *packed = word_of(type, d, weight_step,
                            [&](std::int64_t number) { return window.at(output, row, number); });
        }
      }
    }
  }

  ConvTask task_of(std::int64_t panel) const {
    ConvTask task{};
    const std::int64_t width = static_cast<std::int64_t>(panels_.vectors) * lanes();
    task.window_rows = window_rows_;
    task.window_pitch = from_.shape.row();
    task.depth = depth_;
    task.weights = reinterpret_cast<const char*>(weights_.data()) + panel * panel_bytes_;
    task.bias = bias_.data() + panel * width;
    task.scale = scale_.empty() ? nullptr : scale_.data() + panel * width;
    task.add_scale = add_.scale / to_.scale;
    task.channels = paired_ ? width : std::min(width, to_.shape.size.channels - panel * width);
    task.to_type = to_.shape.type;
    task.add_type = add_.shape.type;
    task.relu = relu_;
    task.pools = pools_;
    return task;
  }

  const char* add_at(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t panel) const {
    const std::int64_t first = panel * panels_.vectors * lanes();
    return has_add_ ? add_.row(slots, image, y) + first * bytes_of(add_.shape.type) : nullptr;
  }

  char* to_at(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t panel) const {
    const std::int64_t first = panel * panels_.vectors * lanes();
    return to_.row(slots, image, y) + first * bytes_of(to_.shape.type);
  }

  void run_band(Slots& slots, const graph::Extent& part, std::int64_t panel, std::int64_t image,
                std::int64_t band) const {
    ConvTask task = task_of(panel);
    const std::int64_t y = band * tile_.rows, out = pools_ ? y / 2 : y;
    task.from = from_.window(slots, image, y * stride_, padding_);
    task.from_row = stride_ * from_.shape.row();
    task.from_col = stride_ * from_.shape.pixel();
    task.to = to_at(slots, image, out, panel);
    task.to_row = to_.shape.row();
    task.to_col = to_.shape.pixel();
    task.add = add_at(slots, image, out, panel);
    task.add_row = add_.shape.row();
    task.add_col = add_.shape.pixel();
    task.rows = std::min<std::int64_t>(tile_.rows, rows(part) - y);
    task.cols = part.width * (pools_ ? 2 : 1);
    if (paired_) {
      task.to_col *= 2;
      task.add_col *= 2;
      task.cols = (task.cols + 1) / 2;
      kernels_.conv_pairs(task, from_.shape.type, panels_.vectors, tile_);
      return;
    }
    const bool last = panel + 1 == panels_.count;
    kernels_.conv(task, from_.shape.type, vectors(panel), last ? last_tile_ : tile_, false);
  }

  void run_images(Slots& slots, std::int64_t images, std::int64_t panel) const {
    ConvTask task = task_of(panel);
    task.from = from_.window(slots, 0, 0, padding_);
    task.from_col = from_.shape.image();
    task.to = to_at(slots, 0, 0, panel);
    task.to_col = to_.shape.image();
    task.add = add_at(slots, 0, 0, panel);
    task.add_col = add_.shape.image();
    task.rows = 1;
    task.cols = images;
    const bool last = panel + 1 == panels_.count;
    kernels_.conv(task, from_.shape.type, vectors(panel), last ? last_tile_ : tile_, true);
  }

  const Kernels& kernels_;
  Map from_, to_, add_;
  bool has_add_, relu_, pools_, alone_;
  bool paired_ = false;  // two places are computed as one of twice the channels
  std::int64_t stride_, padding_, window_rows_;
  std::int64_t rows_, cols_;  // places, before pooling
  Panels panels_;
  Tile tile_, last_tile_;
  std::int64_t depth_ = 0, panel_bytes_ = 0;
  AlignedVector<std::uint32_t> weights_;
  std::vector<float> bias_, scale_;
};

}  // namespace

LayerPtr conv_layer(const Kernels& kernels, const Map& from, const Map& to, const Map* add,
                    const ConvWeights& weights) {
  return std::make_unique<ConvLayer>(kernels, from, to, add, weights);
}

}  // namespace fer::runtime
