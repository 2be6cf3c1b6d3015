#include "fer/infer/framed_layers.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "fer/infer/matrix_product.h"
#include "fer/nn/pool_kernels.h"

namespace fer::infer {

namespace {

using Floats = std::vector<float>;

// Products of more columns are cut into slices: a slice of the weights then stays in the core's own
// cache while all rows of pixels are multiplied with it. The micro-kernel is also fastest with four
// vectors of AVX-512 in a slice.
constexpr std::int64_t kSlice = 64;
// Products of more depth are cut, too, so that a slice has at most 256 KiB.
constexpr std::int64_t kDepth = 1024;
// Rows of a product over all pixels that are one piece of work for a thread.
constexpr std::int64_t kRows = 96;

Floats floats_of(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.contiguous();
  const auto* first = dense.const_data_ptr<float>();
  return {first, first + dense.numel()};
}

// Memory that belongs to the calling thread and is not cleared between calls.
float* scratch(std::int64_t size) {
  thread_local Floats memory;
  if (memory.size() < static_cast<std::size_t>(size)) memory.resize(static_cast<std::size_t>(size));
  return memory.data();
}

// Weights [D,O] in slices of columns, each of which is dense.
class SlicedWeights {
 public:
  // by_output: [O,D]
  SlicedWeights(const at::Tensor& by_output, std::int64_t slice)
      : depth_(by_output.size(1)), columns_(by_output.size(0)), slice_(std::min(slice, columns_)) {
    for (std::int64_t s = 0; s < count(); ++s) {
      const at::Tensor part = by_output.narrow(0, first(s), width(s)).t().contiguous();
      const auto* values = part.const_data_ptr<float>();
      packed_.insert(packed_.end(), values, values + part.numel());
    }
  }

  std::int64_t count() const { return (columns_ + slice_ - 1) / slice_; }
  std::int64_t first(std::int64_t s) const { return s * slice_; }
  std::int64_t width(std::int64_t s) const { return std::min(slice_, columns_ - s * slice_); }
  std::int64_t widest() const { return slice_; }
  std::int64_t depth() const { return depth_; }
  // Row `row` of slice s; rows are width(s) floats apart.
  const float* at(std::int64_t s, std::int64_t row) const {
    return packed_.data() + first(s) * depth_ + row * width(s);
  }

 private:
  std::int64_t depth_, columns_, slice_;
  Floats packed_;
};

// The epilogue of a row of sums, on its way into the map.
class Finisher {
 public:
  Finisher(const Finish& finish, const FramedMap& to)
      : bias_(floats_of(finish.bias)), relu_(finish.relu), to_(to) {
    if (finish.add != nullptr) add_ = *finish.add;
  }

  // sums: [pixels, channels] of row y of an image from pixel x on, channels from `first` on.
  void row(MapBuffers& buffers, const float* sums, std::int64_t image, std::int64_t y,
           std::int64_t x, std::int64_t pixels, std::int64_t first, std::int64_t channels) const {
    const std::int64_t pitch = to_.shape.channels, start = x * pitch + first;
    const float* add = add_ ? add_->row(buffers, image, y) + start : nullptr;
    finish_pixels({sums, channels}, bias_.data() + first, {add, pitch},
                  {to_.row(buffers, image, y) + start, pitch}, pixels, channels, relu_);
  }

  void pooled_row(MapBuffers& buffers, const float* sums, std::int64_t image, std::int64_t y,
                  std::int64_t first, std::int64_t channels) const {
    finish_pooled_pixels(sums, bias_.data() + first,
                         {to_.row(buffers, image, y) + first, to_.shape.channels}, to_.shape.side,
                         channels);
  }

 private:
  Floats bias_;
  std::optional<FramedMap> add_;
  bool relu_;
  FramedMap to_;
};

// [O,I,K,K] -> [O,K*K*I], the order in which pixels lie in memory.
at::Tensor taps_first(const at::Tensor& weight) {
  return weight.permute({0, 2, 3, 1}).reshape({weight.size(0), -1});
}

// A layer whose pieces are the rows of its result.
class RowLayer : public FramedLayer {
 public:
  explicit RowLayer(const FramedMap& to) : to_(to) {}

  std::int64_t pieces(std::int64_t images) const override { return images * to_.shape.side; }

  void run(MapBuffers& buffers, std::int64_t, std::int64_t begin, std::int64_t end) const override {
    for (std::int64_t piece = begin; piece < end; ++piece) {
      row(buffers, piece / to_.shape.side, piece % to_.shape.side);
    }
  }

 protected:
  virtual void row(MapBuffers& buffers, std::int64_t image, std::int64_t y) const = 0;

  FramedMap to_;
};

class RowConv final : public FramedLayer {
 public:
  RowConv(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
          SlidingWindow window, const Finish& finish, bool pools)
      : from_(from),
        side_(to.shape.side),
        rows_(pools ? 2 : 1),
        window_(window),
        weights_(taps_first(weight), kSlice),
        finisher_(finish, to) {}

  std::int64_t pieces(std::int64_t images) const override { return images * side_; }

  // One slice of the weights is used for all rows before the next one.
  void run(MapBuffers& buffers, std::int64_t, std::int64_t begin, std::int64_t end) const override {
    float* sums = scratch(rows_ * rows_ * side_ * weights_.widest());
    for (std::int64_t slice = 0; slice < weights_.count(); ++slice) {
      for (std::int64_t piece = begin; piece < end; ++piece) {
        row(buffers, sums, slice, piece / side_, piece % side_);
      }
    }
  }

 private:
  void row(MapBuffers& buffers, float* sums, std::int64_t slice, std::int64_t image,
           std::int64_t y) const {
    const std::int64_t width = weights_.width(slice), pixels = rows_ * side_;
    for (std::int64_t i = 0; i < rows_; ++i) {
      convolve(buffers, sums + i * pixels * width, slice, image, rows_ * y + i);
    }
    if (rows_ == 2) {
      finisher_.pooled_row(buffers, sums, image, y, weights_.first(slice), width);
    } else {
      finisher_.row(buffers, sums, image, y, 0, pixels, weights_.first(slice), width);
    }
  }

  // A window's row of K pixels is K*I floats in a row: one product for each of its K rows.
  void convolve(const MapBuffers& buffers, float* sums, std::int64_t slice, std::int64_t image,
                std::int64_t y) const {
    const std::int64_t width = weights_.width(slice), channels = from_.shape.channels;
    const ProductShape shape{
        rows_ * side_, width, window_.side * channels, window_.stride * channels, width, width};
    const float* corner = from_.window(buffers, image, y * window_.stride, window_.padding);
    for (std::int64_t tap = 0; tap < window_.side; ++tap) {
      multiply(shape, corner + tap * from_.shape.row_pitch(), weights_.at(slice, tap * shape.depth),
               sums, tap == 0 ? Into::overwrite : Into::add);
    }
  }

  FramedMap from_;
  std::int64_t side_, rows_;
  SlidingWindow window_;
  SlicedWeights weights_;
  Finisher finisher_;
};

class FirstConvPool final : public RowLayer {
 public:
  FirstConvPool(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                const at::Tensor& bias)
      : RowLayer(to),
        from_(from),
        taps_(floats_of(weight.reshape({weight.size(0), 9}).t())),
        bias_(floats_of(bias)) {}

 protected:
  void row(MapBuffers& buffers, std::int64_t image, std::int64_t y) const override {
    nn::pool_kernels().convolve_values(from_.window(buffers, image, 2 * y, 1), taps_.data(),
                                       bias_.data(), {2, from_.shape.side, to_.shape.channels},
                                       to_.row(buffers, image, y));
  }

 private:
  FramedMap from_;
  Floats taps_, bias_;
};

class Gather final : public RowLayer {
 public:
  Gather(const FramedMap& from, const FramedMap& to, SlidingWindow window)
      : RowLayer(to), from_(from), window_(window) {}

 protected:
  void row(MapBuffers& buffers, std::int64_t image, std::int64_t y) const override {
    const std::int64_t channels = from_.shape.channels;
    gather_pixels({from_.window(buffers, image, y * window_.stride, window_.padding),
                   window_.stride * channels},
                  from_.shape.row_pitch(), window_.side, window_.side * channels,
                  {to_.row(buffers, image, y), to_.shape.channels}, to_.shape.side);
  }

 private:
  FramedMap from_;
  SlidingWindow window_;
};

class PixelProduct final : public FramedLayer {
 public:
  PixelProduct(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
               const Finish& finish)
      : from_(from),
        side_(to.shape.side),
        weights_(weight, even_slice(weight.size(0))),
        finisher_(finish, to) {}

  std::int64_t pieces(std::int64_t images) const override {
    return weights_.count() * blocks(images);
  }

  void run(MapBuffers& buffers, std::int64_t images, std::int64_t begin,
           std::int64_t end) const override {
    float* sums = scratch(kRows * weights_.widest());
    const std::int64_t all = images * side_ * side_, count = blocks(images);
    for (std::int64_t piece = begin; piece < end; ++piece) {
      const std::int64_t first = piece % count * kRows;
      block(buffers, sums, piece / count, first, std::min(kRows, all - first));
    }
  }

 private:
  // Slices of one width, and an even number of them if there are several: two threads then have the
  // same amount of work even with a single image.
  static std::int64_t even_slice(std::int64_t columns) {
    if (columns <= kSlice / 2) return columns;
    const std::int64_t slices = (columns + 2 * kSlice - 1) / (2 * kSlice) * 2;
    return ((columns + slices - 1) / slices + 15) / 16 * 16;
  }

  std::int64_t blocks(std::int64_t images) const {
    return (images * side_ * side_ + kRows - 1) / kRows;
  }

  void block(MapBuffers& buffers, float* sums, std::int64_t slice, std::int64_t first,
             std::int64_t rows) const {
    const std::int64_t width = weights_.width(slice), depth = weights_.depth();
    const float* matrix = buffers[from_.slot].data() + first * depth;
    for (std::int64_t done = 0; done < depth; done += kDepth) {
      const ProductShape shape{rows, width, std::min(kDepth, depth - done), depth, width, width};
      multiply(shape, matrix + done, weights_.at(slice, done), sums,
               done == 0 ? Into::overwrite : Into::add);
    }
    spread(buffers, sums, slice, first, rows);
  }

  // The rows of a block are pixels from several rows of several images.
  void spread(MapBuffers& buffers, const float* sums, std::int64_t slice, std::int64_t first,
              std::int64_t rows) const {
    const std::int64_t width = weights_.width(slice);
    for (std::int64_t row = 0; row < rows;) {
      const std::int64_t pixel = first + row, x = pixel % side_;
      const std::int64_t run = std::min(side_ - x, rows - row);
      finisher_.row(buffers, sums + row * width, pixel / (side_ * side_), pixel / side_ % side_, x,
                    run, weights_.first(slice), width);
      row += run;
    }
  }

  FramedMap from_;
  std::int64_t side_;
  SlicedWeights weights_;
  Finisher finisher_;
};

class DepthwiseConv final : public RowLayer {
 public:
  DepthwiseConv(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                SlidingWindow window, const Finish& finish)
      : RowLayer(to),
        from_(from),
        window_(window),
        taps_(floats_of(weight.reshape({weight.size(0), -1}).t())),
        bias_(floats_of(finish.bias)),
        relu_(finish.relu) {}

 protected:
  void row(MapBuffers& buffers, std::int64_t image, std::int64_t y) const override {
    const std::int64_t channels = to_.shape.channels;
    depthwise_pixels({from_.window(buffers, image, y * window_.stride, window_.padding),
                      window_.stride * channels},
                     from_.shape.row_pitch(), taps_.data(), window_.side, bias_.data(),
                     {to_.row(buffers, image, y), channels}, to_.shape.side, channels, relu_);
  }

 private:
  FramedMap from_;
  SlidingWindow window_;
  Floats taps_, bias_;
  bool relu_;
};

class WindowPoolLayer final : public RowLayer {
 public:
  WindowPoolLayer(const FramedMap& from, const FramedMap& to, WindowPool kind, SlidingWindow window)
      : RowLayer(to), from_(from), kind_(kind), window_(window) {}

 protected:
  void row(MapBuffers& buffers, std::int64_t image, std::int64_t y) const override {
    const std::int64_t channels = to_.shape.channels;
    const auto [top, bottom] = inside(y);
    float* out = to_.row(buffers, image, y);
    for (std::int64_t x = 0; x < to_.shape.side; ++x, out += channels) {
      const auto [left, right] = inside(x);
      const Pixels window{from_.row(buffers, image, top) + left * channels, channels};
      (kind_ == WindowPool::max ? max_of_window : mean_of_window)(
          window, from_.shape.row_pitch(), bottom - top, right - left, out, channels);
    }
  }

 private:
  // The window at one place, cut at the border: [first, last).
  std::array<std::int64_t, 2> inside(std::int64_t place) const {
    const std::int64_t start = place * window_.stride - window_.padding;
    return {std::max<std::int64_t>(start, 0), std::min(start + window_.side, from_.shape.side)};
  }

  FramedMap from_;
  WindowPool kind_;
  SlidingWindow window_;
};

class ScaleRelu final : public RowLayer {
 public:
  ScaleRelu(const FramedMap& from, const FramedMap& to, const at::Tensor& scale,
            const at::Tensor& shift)
      : RowLayer(to), from_(from), scale_(floats_of(scale)), shift_(floats_of(shift)) {}

 protected:
  void row(MapBuffers& buffers, std::int64_t image, std::int64_t y) const override {
    const std::int64_t channels = to_.shape.channels;
    scale_relu_pixels({from_.row(buffers, image, y), channels}, scale_.data(), shift_.data(),
                      {to_.row(buffers, image, y), channels}, to_.shape.side, channels);
  }

 private:
  FramedMap from_;
  Floats scale_, shift_;
};

// A layer whose pieces are the images.
class ImageLayer : public FramedLayer {
 public:
  std::int64_t pieces(std::int64_t images) const override { return images; }

  void run(MapBuffers& buffers, std::int64_t, std::int64_t begin, std::int64_t end) const override {
    for (std::int64_t i = begin; i < end; ++i) image(buffers, i);
  }

 protected:
  virtual void image(MapBuffers& buffers, std::int64_t image) const = 0;
};

class Gated final : public ImageLayer {
 public:
  Gated(const FramedMap& from, const FramedMap& gate, const FramedMap& add, const FramedMap& to,
        bool relu)
      : from_(from), gate_(gate), add_(add), to_(to), relu_(relu) {}

 protected:
  void image(MapBuffers& buffers, std::int64_t image) const override {
    const std::int64_t channels = to_.shape.channels;
    const float* raw = gate_.row(buffers, image, 0);
    float* open = scratch(channels);
    for (std::int64_t c = 0; c < channels; ++c) open[c] = 1.0F / (1.0F + std::exp(-raw[c]));
    for (std::int64_t y = 0; y < to_.shape.side; ++y) {
      gate_pixels({from_.row(buffers, image, y), channels}, open,
                  {add_.row(buffers, image, y), channels}, {to_.row(buffers, image, y), channels},
                  to_.shape.side, channels, relu_);
    }
  }

 private:
  FramedMap from_, gate_, add_, to_;
  bool relu_;
};

class MeanOfMap final : public ImageLayer {
 public:
  MeanOfMap(const FramedMap& from, const FramedMap& to) : from_(from), to_(to) {}

 protected:
  void image(MapBuffers& buffers, std::int64_t image) const override {
    const MapShape& shape = from_.shape;
    mean_of_window({from_.row(buffers, image, 0), shape.channels}, shape.row_pitch(), shape.side,
                   shape.side, to_.row(buffers, image, 0), shape.channels);
  }

 private:
  FramedMap from_, to_;
};

}  // namespace

FramedLayerPtr row_conv(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                        SlidingWindow window, const Finish& finish, bool pools) {
  return std::make_unique<RowConv>(from, to, weight, window, finish, pools);
}

FramedLayerPtr first_conv_pool(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                               const at::Tensor& bias) {
  return std::make_unique<FirstConvPool>(from, to, weight, bias);
}

FramedLayerPtr gather(const FramedMap& from, const FramedMap& to, SlidingWindow window) {
  return std::make_unique<Gather>(from, to, window);
}

FramedLayerPtr pixel_product(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                             const Finish& finish) {
  return std::make_unique<PixelProduct>(from, to, weight, finish);
}

FramedLayerPtr depthwise_conv(const FramedMap& from, const FramedMap& to, const at::Tensor& weight,
                              SlidingWindow window, const Finish& finish) {
  return std::make_unique<DepthwiseConv>(from, to, weight, window, finish);
}

FramedLayerPtr window_pool(const FramedMap& from, const FramedMap& to, WindowPool kind,
                           SlidingWindow window) {
  return std::make_unique<WindowPoolLayer>(from, to, kind, window);
}

FramedLayerPtr scale_relu(const FramedMap& from, const FramedMap& to, const at::Tensor& scale,
                          const at::Tensor& shift) {
  return std::make_unique<ScaleRelu>(from, to, scale, shift);
}

FramedLayerPtr gated(const FramedMap& from, const FramedMap& gate, const FramedMap& add,
                     const FramedMap& to, bool relu) {
  return std::make_unique<Gated>(from, gate, add, to, relu);
}

FramedLayerPtr mean_of_map(const FramedMap& from, const FramedMap& to) {
  return std::make_unique<MeanOfMap>(from, to);
}

}  // namespace fer::infer
