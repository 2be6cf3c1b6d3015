// The last layers of a network in plain loops, forward and backward, for explanations. runtime/
// executes whole networks, fast and forward only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fer/graph/graph.h"

namespace fer::graph {

// The last value with a side of at least `least_side` on which alone all later nodes depend; the
// input if there is none. `shapes`: of shapes_of.
ValueId last_map(const Graph& graph, const std::vector<Shape>& shapes, std::int64_t least_side);

// The gradient of Σ_i direction_i output_i with respect to `map`, which last_map found. The output
// is the graph's first one, [channels, height, width] like all values. values: of `map`. The
// gradient of max pooling goes to the first of several largest values.
std::vector<float> tail_gradient(const Graph& graph, const std::vector<Shape>& shapes, ValueId map,
                                 std::vector<float> values, std::span<const float> direction);

}  // namespace fer::graph
