// What one image costs a network.
#pragma once

#include <cstdint>

#include "fer/graph/graph.h"
#include "fer/graph/weights.h"

namespace fer::graph {

struct NetCost {
  std::int64_t parameters = 0;     // trained numbers, those of normalisations included
  std::int64_t multiply_adds = 0;  // of convolutions and dense layers
  std::int64_t activations =
      0;  // numbers those layers put out (Radosavovic et al. 2020, section 3.1)
};

// `weights`: those that the graph was made from. For one image of this size. @throws fer::Error as
// shapes_of does.
NetCost cost_of(const Graph& graph, const Weights& weights, std::int64_t height,
                std::int64_t width);

// Trained numbers: all but the running statistics of normalisations.
std::int64_t parameter_count(const Weights& weights);

}  // namespace fer::graph
