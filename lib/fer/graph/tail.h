// The end of a network in plain loops, forward and backward: what explanations need of it. runtime/
// executes whole networks, fast and forward only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fer/graph/graph.h"

namespace fer::graph {

// The last value with a side of at least `least_side` that all nodes behind it depend on alone, for
// values of these shapes (shapes_of); the input where there is none.
ValueId last_map(const Graph& graph, const std::vector<Shape>& shapes, std::int64_t least_side);

// The gradient of Σ_i direction_i output_i with respect to `map`, which last_map found. The output
// is the graph's first one, [channels, height, width] like all values. values: those of `map`. Max
// pooling hands its gradient to the first of several largest.
std::vector<float> tail_gradient(const Graph& graph, const std::vector<Shape>& shapes, ValueId map,
                                 std::vector<float> values, std::span<const float> direction);

}  // namespace fer::graph
