// How far a part of a network's input reaches: which numbers of each value depend on it.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/graph/resize.h"

namespace fer::graph {

// The upper left corner of a map: its first rows, and of each its first columns.
struct Extent {
  std::int64_t height = 0, width = 0;

  bool operator==(const Extent&) const = default;
};

// What becomes of one value when only a corner of the input has changed.
struct Reached {
  Extent made;  // what is to be computed anew
  // What the next nodes read to compute what is made of theirs. Beyond `made` it is unchanged.
  Extent read;
};

// The windows of a graph's nodes, without the weights.
class Reach {
 public:
  Reach() = default;
  // shapes: of all values (shapes_of).
  Reach(const Graph& graph, const std::vector<Shape>& shapes);

  // For each value, when the upper left `corner` of the input, at least one pixel, has changed.
  // Outputs are read as a whole. Nothing is made that is not read, and `temporary` values, which are
  // not kept, are made as far as they are read.
  std::vector<Reached> of(const Extent& corner, const std::vector<bool>& temporary) const;

 private:
  // Along one axis: which places of the input each place of the result is computed from. Neither
  // starts nor ends go back from one place to the next.
  struct Axis {
    std::int64_t places = 1, from_places = 1;
    // Place p reads `kernel` places from p / divisor * stride - padding on, or, for a resize, those
    // of taps[p].
    std::int64_t kernel = 1, stride = 1, padding = 0, divisor = 1;
    std::vector<ResizeTap> taps = {};

    std::int64_t start(std::int64_t place) const;
    std::int64_t end(std::int64_t place) const;
    std::int64_t reached(std::int64_t from) const;  // how many places read one before `from`
  };
  struct Node {
    std::vector<ValueId> inputs;
    Axis rows, cols;  // of the first input; the others are read pixel by pixel, or are vectors
  };
  template <bool Rows>
  struct AxisOf;

  static Extent reached(const Node& node, const std::vector<Reached>& values);
  // Adds what a node reads to `values`.
  void read(const Node& node, const Extent& made, std::vector<Reached>& values) const;

  std::vector<Node> nodes_;
  std::vector<Extent> whole_;  // of each value
  std::vector<ValueId> outputs_;
};

}  // namespace fer::graph
