// Maps of another size, and products of maps: layers of networks from ONNX files, in float32.
#include <algorithm>
#include <vector>

#include "fer/graph/resize.h"
#include "fer/runtime/layers.h"
#include "fer/runtime/row_layer.h"

namespace fer::runtime {

namespace {

const float* floats(const Map& map, Slots& slots, std::int64_t image, std::int64_t y) {
  return reinterpret_cast<const float*>(map.row(slots, image, y));
}

void mix(const float* first, const float* second, float share, std::int64_t count, float* to) {
  if (share == 0.0F) {  // whatever the second one is: it may be infinite
    std::copy_n(first, count, to);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) to[i] = first[i] + (second[i] - first[i]) * share;
}

// Rows first, then columns.
class ResizeLayer final : public RowLayer {
 public:
  ResizeLayer(const Map& from, const Map& to, const graph::Resize& resize)
      : RowLayer(to), from_(from), taps_(graph::resize_taps(resize, from.shape.size)) {}

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    const std::int64_t channels = to_.shape.size.channels;
    const float* from = mixed_rows(slots, image, taps_.rows[static_cast<std::size_t>(y)]);
    auto* to = reinterpret_cast<float*>(to_.row(slots, image, y));
    for (std::int64_t x = 0; x < width; ++x, to += channels) {
      const graph::ResizeTap& tap = taps_.cols[static_cast<std::size_t>(x)];
      mix(from + tap.first * channels, from + tap.second * channels, tap.share, channels, to);
    }
  }

 private:
  const float* mixed_rows(Slots& slots, std::int64_t image, const graph::ResizeTap& tap) const {
    const float* first = floats(from_, slots, image, tap.first);
    if (tap.share == 0.0F) return first;
    thread_local std::vector<float> mixed;
    const std::int64_t count = from_.shape.size.width * from_.shape.size.channels;
    mixed.resize(static_cast<std::size_t>(count));
    mix(first, floats(from_, slots, image, tap.second), tap.share, count, mixed.data());
    return mixed.data();
  }

  Map from_;
  graph::ResizeTaps taps_;
};

class MultiplyLayer final : public RowLayer {
 public:
  MultiplyLayer(const Map& from, const Map& other, const Map& to)
      : RowLayer(to), from_(from), other_(other) {}

 protected:
  void row(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t width) const override {
    const float* from = floats(from_, slots, image, y);
    const float* other = floats(other_, slots, image, y);
    auto* to = reinterpret_cast<float*>(to_.row(slots, image, y));
    const std::int64_t channels = to_.shape.size.channels;
    const bool single = other_.shape.size.channels != channels;  // one number for all of a pixel
    for (std::int64_t x = 0; x < width; ++x) {
      for (std::int64_t c = 0; c < channels; ++c) *to++ = *from++ * other[single ? 0 : c];
      other += single ? 1 : channels;
    }
  }

 private:
  Map from_, other_;
};

}  // namespace

LayerPtr resize_layer(const Map& from, const Map& to, const graph::Resize& resize) {
  return std::make_unique<ResizeLayer>(from, to, resize);
}

LayerPtr multiply_layer(const Map& from, const Map& other, const Map& to) {
  return std::make_unique<MultiplyLayer>(from, other, to);
}

}  // namespace fer::runtime
