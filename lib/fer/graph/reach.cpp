#include "fer/graph/reach.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace fer::graph {

namespace {

std::int64_t side_of(const Shape& shape, bool rows) { return rows ? shape.height : shape.width; }

Extent larger(const Extent& a, const Extent& b) {
  return {std::max(a.height, b.height), std::max(a.width, b.width)};
}

Extent smaller(const Extent& a, const Extent& b) {
  return {std::min(a.height, b.height), std::min(a.width, b.width)};
}

}  // namespace

// The axis of each kind of node.
template <bool Rows>
struct Reach::AxisOf {
  const Shape &from, &to;

  Axis operator()(const Conv& conv) const {
    return windows(Rows ? conv.kernel_height : conv.kernel_width, conv.stride, conv.padding);
  }
  Axis operator()(const Pool& pool) const {
    return windows(pool.kernel, pool.stride, pool.padding);
  }
  Axis operator()(const Linear&) const { return all(); }
  Axis operator()(const Mean&) const { return all(); }
  Axis operator()(const Gate&) const { return all(); }  // its vector depends on every pixel
  Axis operator()(const Upsample& upsample) const { return blocks(upsample.factor); }
  Axis operator()(const PixelShuffle& shuffle) const { return blocks(shuffle.block); }
  Axis operator()(const Resize& resize) const {
    ResizeTaps taps = resize_taps(resize, from);
    Axis axis = windows(1, 1, 0);
    axis.taps = std::move(Rows ? taps.rows : taps.cols);
    return axis;
  }
  template <typename PixelByPixel>
  Axis operator()(const PixelByPixel&) const {
    return windows(1, 1, 0);
  }

 private:
  Axis windows(std::int64_t kernel, std::int64_t stride, std::int64_t padding) const {
    return {.places = side_of(to, Rows),
            .from_places = side_of(from, Rows),
            .kernel = kernel,
            .stride = stride,
            .padding = padding};
  }
  Axis blocks(std::int64_t factor) const {
    Axis axis = windows(1, 1, 0);
    axis.divisor = factor;
    return axis;
  }
  Axis all() const { return windows(side_of(from, Rows), 0, 0); }
};

std::int64_t Reach::Axis::start(std::int64_t place) const {
  if (taps.empty()) return place / divisor * stride - padding;
  const ResizeTap& tap = taps[static_cast<std::size_t>(place)];
  return std::min(tap.first, tap.second);
}

std::int64_t Reach::Axis::end(std::int64_t place) const {
  if (taps.empty()) return std::min(start(place) + kernel, from_places);
  const ResizeTap& tap = taps[static_cast<std::size_t>(place)];
  return std::max(tap.first, tap.second) + 1;
}

// At least one place: a corner is never empty.
std::int64_t Reach::Axis::reached(std::int64_t from) const {
  std::int64_t low = 1, high = places;  // a binary search
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (start(middle) < from) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Reach::Reach(const Graph& graph, const std::vector<Shape>& shapes) : outputs_(graph.outputs) {
  for (const Shape& shape : shapes) whole_.push_back({shape.height, shape.width});
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const graph::Node& node = graph.nodes[i];
    Node windows{.inputs = inputs_of(node), .rows = {}, .cols = {}};
    const Shape &from = shapes[windows.inputs.front()], &to = shapes[i + 1];
    windows.rows = std::visit(AxisOf<true>{from, to}, node);
    windows.cols = std::visit(AxisOf<false>{from, to}, node);
    nodes_.push_back(std::move(windows));
  }
}

std::vector<Reached> Reach::of(const Extent& corner, const std::vector<bool>& temporary) const {
  std::vector<Reached> values(whole_.size());
  values[kInput].made = smaller(corner, whole_[kInput]);
  for (std::size_t i = 0; i < nodes_.size(); ++i) values[i + 1].made = reached(nodes_[i], values);
  for (const ValueId output : outputs_) values[output].read = whole_[output];
  for (std::size_t value = values.size(); value-- > 0;) {
    Reached& some = values[value];
    some.made = temporary[value] ? some.read : smaller(some.made, some.read);
    // Windows may lie beyond the border as a whole: then nothing is read along that axis.
    if (some.made.height == 0 || some.made.width == 0) some.made = {};
    if (value != kInput && some.made != Extent{}) read(nodes_[value - 1], some.made, values);
  }
  return values;
}

Extent Reach::reached(const Node& node, const std::vector<Reached>& values) {
  const Extent& first = values[node.inputs.front()].made;
  Extent made{node.rows.reached(first.height), node.cols.reached(first.width)};
  for (const ValueId input : std::span(node.inputs).subspan(1)) {
    made = larger(made, values[input].made);
  }
  return made;
}

void Reach::read(const Node& node, const Extent& made, std::vector<Reached>& values) const {
  const auto add = [&](ValueId input, const Extent& part) {
    values[input].read = smaller(larger(values[input].read, part), whole_[input]);
  };
  add(node.inputs.front(), {std::max<std::int64_t>(node.rows.end(made.height - 1), 0),
                            std::max<std::int64_t>(node.cols.end(made.width - 1), 0)});
  for (const ValueId input : std::span(node.inputs).subspan(1)) add(input, made);
}

}  // namespace fer::graph
