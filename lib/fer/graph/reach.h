// How far a part of a network's input reaches: which numbers of each value depend on it.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/graph/graph.h"

namespace fer::graph {

// The upper left corner of a map: its first rows, and of each its first columns.
struct Extent {
  std::int64_t height = 0, width = 0;

  bool operator==(const Extent&) const = default;
};

// What has to be known of one value when only a corner of the input has changed.
struct Reached {
  Extent changed;  // no number outside of it depends on the corner
  Extent read;     // the next nodes read this much of it for what has changed of theirs
};

// The windows of a graph's nodes, without the weights.
class Reach {
 public:
  Reach() = default;
  // shapes: of all values (shapes_of).
  Reach(const Graph& graph, const std::vector<Shape>& shapes);

  // For each value, when the upper left `corner` of the input, at least one pixel, has changed.
  // Outputs are read as a whole. `changed` is at most `read`, since nobody needs the rest, and
  // equal to it for `temporary` values, which are not kept and so are made as far as they are read.
  std::vector<Reached> of(const Extent& corner, const std::vector<bool>& temporary) const;

 private:
  // Along one axis: place p of the result is computed from the places from starts[p] to ends[p] - 1
  // of the input.
  struct Axis {
    std::vector<std::int64_t> starts, ends;

    std::int64_t changed(std::int64_t from) const;
    std::int64_t read(std::int64_t places) const;
  };
  struct Node {
    std::vector<ValueId> inputs;
    Axis rows, cols;  // of the first input; the others are read pixel by pixel, or are vectors
  };
  template <bool Rows>
  struct AxisOf;

  std::vector<Node> nodes_;
  std::vector<Extent> whole_;  // of each value
  std::vector<ValueId> outputs_;
};

}  // namespace fer::graph
