// The cost of one image in a network.
#pragma once

#include <cstdint>

#include "fer/graph/graph.h"
#include "fer/graph/weights.h"

namespace fer::graph {

struct NetCost {
  std::int64_t parameters = 0;     // trained numbers, also of normalisations
  std::int64_t multiply_adds = 0;  // of convolutions and dense layers
  std::int64_t activations =
      0;  // numbers those layers put out (Radosavovic et al. 2020, section 3.1)
};

// For one image of this size. `weights`: the ones that the graph was made from. @throws fer::Error
// as shapes_of does.
NetCost cost_of(const Graph& graph, const Weights& weights, std::int64_t height,
                std::int64_t width);

// Trained numbers: all but the running statistics of normalisations.
std::int64_t parameter_count(const Weights& weights);

}  // namespace fer::graph
