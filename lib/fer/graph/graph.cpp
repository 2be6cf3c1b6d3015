#include "fer/graph/graph.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "fer/core/error.h"

namespace fer::graph {

namespace {

// The largest extent of a layer in any direction; products of four such numbers do not overflow.
constexpr std::int64_t kMostSide = 1 << 15;

bool within(std::int64_t value, std::int64_t low, std::int64_t high) {
  return value >= low && value <= high;
}

// Finds the shape of the next value.
class NextShape {
 public:
  explicit NextShape(const std::vector<Shape>& before) : shapes_(before) {}

  Shape of_input(const Shape& shape) const {
    require(within(shape.channels, 1, kMostSide) && within(shape.height, 1, kMostSide) &&
                within(shape.width, 1, kMostSide),
            "has an input of impossible size");
    return checked(shape);
  }

  Shape of(const Node& node) const {
    for (const ValueId value : inputs_of(node)) {
      require(value < shapes_.size(), "reads a value that is not there yet");
    }
    return checked(std::visit([this](const auto& some) { return shape(some); }, node));
  }

  void require_output(ValueId value) const {
    require(value < shapes_.size(), "is no output: there is no such value");
  }

 private:
  void require(bool fits, const char* what) const {
    if (!fits) {
      throw Error("layer " + std::to_string(shapes_.size()) + " of the network " + what);
    }
  }

  Shape checked(const Shape& shape) const {
    require(shape.count() <= kMostNumbers, "makes a value that is larger than any network's");
    return shape;
  }

  void require_count(const std::vector<float>& numbers, std::int64_t count) const {
    require(static_cast<std::int64_t>(numbers.size()) == count,
            "has another number of weights than its sizes say");
  }

  // The number of windows along one side.
  std::int64_t places(std::int64_t side, std::int64_t kernel, std::int64_t stride,
                      std::int64_t padding, bool ceil) const {
    const std::int64_t room = side + 2 * padding - kernel;
    require(room >= 0, "has windows that are larger than its map");
    const std::int64_t count = (room + (ceil ? stride - 1 : 0)) / stride + 1;
    // The last window must start inside, or on the padding before it.
    return ceil && (count - 1) * stride >= side + padding ? count - 1 : count;
  }

  void require_window(std::int64_t kernel, std::int64_t stride, std::int64_t padding) const {
    require(within(kernel, 1, kMostSide) && within(stride, 1, 64) && within(padding, 0, 64),
            "has windows of impossible size");
  }

  Shape shape(const Conv& conv) const {
    const Shape& from = shapes_[conv.from];
    require_window(conv.kernel_height, conv.stride, conv.padding);
    require_window(conv.kernel_width, conv.stride, conv.padding);
    require(within(conv.outputs, 1, kMostSide), "has an impossible number of channels");
    require(conv.groups == 1 || (conv.groups == from.channels && conv.groups == conv.outputs),
            "is a convolution in groups that are not single channels");
    const std::int64_t taps = conv.kernel_height * conv.kernel_width;
    require_count(conv.weights, conv.outputs * (from.channels / conv.groups) * taps);
    require_count(conv.bias, conv.outputs);
    const Shape to{conv.outputs,
                   places(from.height, conv.kernel_height, conv.stride, conv.padding, false),
                   places(from.width, conv.kernel_width, conv.stride, conv.padding, false)};
    require(conv.add == kNone || shapes_[conv.add] == to, "adds maps of different shapes");
    return to;
  }

  Shape shape(const Linear& linear) const {
    require(within(linear.outputs, 1, kMostSide), "has an impossible number of channels");
    require_count(linear.weights, linear.outputs * shapes_[linear.from].count());
    require_count(linear.bias, linear.outputs);
    return {linear.outputs, 1, 1};
  }

  Shape shape(const Pool& pool) const {
    const Shape& from = shapes_[pool.from];
    require_window(pool.kernel, pool.stride, pool.padding);
    require(pool.padding * 2 <= pool.kernel, "pools nothing but padding");
    return {from.channels, pool_places(pool, from.height, pool.rows),
            pool_places(pool, from.width, pool.cols)};
  }

  std::int64_t pool_places(const Pool& pool, std::int64_t side, std::int64_t given) const {
    if (given == 0) return places(side, pool.kernel, pool.stride, pool.padding, pool.ceil);
    // Every window but the first begins behind the padding, and the last one starts inside the map.
    const std::int64_t room = std::max<std::int64_t>(side + pool.padding - pool.kernel, 0);
    require(within(given, room / pool.stride + 1, kMostSide) &&
                (given - 1) * pool.stride < side + pool.padding,
            "has more windows than its map, or fewer");
    return given;
  }

  Shape shape(const Mean& mean) const { return {shapes_[mean.from].channels, 1, 1}; }

  Shape shape(const Affine& affine) const {
    const Shape& from = shapes_[affine.from];
    require_count(affine.scale, from.channels);
    require_count(affine.shift, from.channels);
    return from;
  }

  Shape shape(const Gate& gate) const {
    const Shape& from = shapes_[gate.from];
    require(shapes_[gate.gate] == Shape{from.channels, 1, 1}, "has a gate of another shape");
    require(gate.add == kNone || shapes_[gate.add] == from, "adds maps of different shapes");
    return from;
  }

  Shape shape(const Add& add) const {
    const Shape& from = shapes_[add.from];
    require(add.other == kNone || shapes_[add.other] == from, "adds maps of different shapes");
    return from;
  }

  Shape shape(const Concat& concat) const {
    require(!concat.parts.empty(), "joins no maps");
    Shape to = shapes_[concat.parts.front()];
    to.channels = 0;
    for (const ValueId part : concat.parts) {
      const Shape& from = shapes_[part];
      require(from.height == to.height && from.width == to.width, "joins maps of different sizes");
      to.channels += from.channels;
      require(to.channels <= kMostSide, "has an impossible number of channels");
    }
    return to;
  }

  Shape shape(const PRelu& prelu) const {
    const Shape& from = shapes_[prelu.from];
    require_count(prelu.slopes, from.channels);
    return from;
  }

  Shape enlarged(const Shape& from, std::int64_t factor, std::int64_t channels) const {
    const Shape to{channels, from.height * factor, from.width * factor};
    require(within(to.height, 1, kMostSide) && within(to.width, 1, kMostSide),
            "makes a map of impossible size");
    return to;
  }

  Shape shape(const Upsample& upsample) const {
    const Shape& from = shapes_[upsample.from];
    require(within(upsample.factor, 1, 64), "enlarges by an impossible factor");
    return enlarged(from, upsample.factor, from.channels);
  }

  Shape shape(const PixelShuffle& shuffle) const {
    const Shape& from = shapes_[shuffle.from];
    require(within(shuffle.block, 1, 64), "enlarges by an impossible factor");
    const std::int64_t pixels = shuffle.block * shuffle.block;
    require(from.channels % pixels == 0, "makes blocks out of too few channels");
    return enlarged(from, shuffle.block, from.channels / pixels);
  }

  Shape shape(const Resize& resize) const {
    const auto is_scale = [](float scale) { return scale >= 0.0F && std::isfinite(scale); };
    require(within(resize.rows, 1, kMostSide) && within(resize.cols, 1, kMostSide) &&
                is_scale(resize.row_scale) && is_scale(resize.col_scale),
            "makes a map of impossible size");
    return {shapes_[resize.from].channels, resize.rows, resize.cols};
  }

  Shape shape(const Multiply& product) const {
    const Shape &from = shapes_[product.from], &other = shapes_[product.other];
    require(other == from || other == Shape{1, from.height, from.width},
            "multiplies maps of different shapes");
    return from;
  }

  const std::vector<Shape>& shapes_;
};

void push(std::vector<ValueId>& values, ValueId value) {
  if (value != kNone) values.push_back(value);
}

struct InputsOf {
  std::vector<ValueId> operator()(const Conv& node) const {
    std::vector<ValueId> values{node.from};
    push(values, node.add);
    return values;
  }
  std::vector<ValueId> operator()(const Gate& node) const {
    std::vector<ValueId> values{node.from, node.gate};
    push(values, node.add);
    return values;
  }
  std::vector<ValueId> operator()(const Add& node) const {
    std::vector<ValueId> values{node.from};
    push(values, node.other);
    return values;
  }
  std::vector<ValueId> operator()(const Multiply& node) const { return {node.from, node.other}; }
  std::vector<ValueId> operator()(const Concat& node) const { return node.parts; }
  template <typename OneInput>
  std::vector<ValueId> operator()(const OneInput& node) const {
    return {node.from};
  }
};

}  // namespace

ValueId Graph::add(Node node) {
  nodes.push_back(std::move(node));
  return nodes.size();
}

std::vector<ValueId> inputs_of(const Node& node) { return std::visit(InputsOf(), node); }

std::vector<Shape> shapes_of(const Graph& graph, std::int64_t height, std::int64_t width) {
  std::vector<Shape> shapes{input_shape(graph.channels, height, width)};
  for (const Node& node : graph.nodes) shapes.push_back(shape_of(node, shapes));
  for (const ValueId output : graph.outputs) NextShape(shapes).require_output(output);
  return shapes;
}

Shape input_shape(std::int64_t channels, std::int64_t height, std::int64_t width) {
  return NextShape({}).of_input({channels, height, width});
}

Shape shape_of(const Node& node, const std::vector<Shape>& before) {
  return NextShape(before).of(node);
}

}  // namespace fer::graph
