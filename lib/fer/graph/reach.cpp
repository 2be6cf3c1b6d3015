#include "fer/graph/reach.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "fer/graph/resize.h"

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

// The axis of each kind of node, from its input and result.
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
    const ResizeTaps taps = resize_taps(resize, from);
    return each([&](std::int64_t place) {
      const ResizeTap& tap = (Rows ? taps.rows : taps.cols)[static_cast<std::size_t>(place)];
      return std::pair{std::min(tap.first, tap.second), std::max(tap.first, tap.second) + 1};
    });
  }
  template <typename PixelByPixel>
  Axis operator()(const PixelByPixel&) const {
    return windows(1, 1, 0);
  }

 private:
  template <typename Span>
  Axis each(const Span& span) const {
    const std::int64_t from_side = side_of(from, Rows);
    Axis axis;
    for (std::int64_t place = 0; place < side_of(to, Rows); ++place) {
      const auto [start, end] = span(place);
      axis.starts.push_back(start);
      axis.ends.push_back(std::min(end, from_side));
    }
    return axis;
  }

  Axis windows(std::int64_t kernel, std::int64_t stride, std::int64_t padding) const {
    return each([&](std::int64_t place) {
      const std::int64_t start = place * stride - padding;
      return std::pair{start, start + kernel};
    });
  }

  Axis blocks(std::int64_t factor) const {
    return each([&](std::int64_t place) { return std::pair{place / factor, place / factor + 1}; });
  }

  Axis all() const {
    return each([&](std::int64_t) { return std::pair{std::int64_t{0}, side_of(from, Rows)}; });
  }
};

// Neither starts nor ends go back from one place to the next. A corner is never empty.
std::int64_t Reach::Axis::changed(std::int64_t from) const {
  const auto end = std::lower_bound(starts.begin(), starts.end(), from);
  return std::max<std::int64_t>(end - starts.begin(), 1);
}

std::int64_t Reach::Axis::read(std::int64_t places) const {
  return ends[static_cast<std::size_t>(places - 1)];
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
  values[kInput].changed = smaller(corner, whole_[kInput]);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    const Extent& first = values[node.inputs.front()].changed;
    Extent changed{node.rows.changed(first.height), node.cols.changed(first.width)};
    for (const ValueId input : std::span(node.inputs).subspan(1)) {
      changed = larger(changed, values[input].changed);
    }
    values[i + 1].changed = changed;
  }
  for (const ValueId output : outputs_) values[output].read = whole_[output];
  for (std::size_t value = nodes_.size(); value > 0; --value) {
    Reached& made = values[value];
    made.changed = temporary[value] ? made.read : smaller(made.changed, made.read);
    if (made.changed.height == 0) continue;  // nobody reads it
    const Node& node = nodes_[value - 1];
    const auto read = [&](ValueId input, const Extent& part) {
      values[input].read = smaller(larger(values[input].read, part), whole_[input]);
    };
    read(node.inputs.front(),
         {node.rows.read(made.changed.height), node.cols.read(made.changed.width)});
    for (const ValueId input : std::span(node.inputs).subspan(1)) read(input, made.changed);
  }
  values[kInput].changed = smaller(values[kInput].changed, values[kInput].read);
  return values;
}

}  // namespace fer::graph
