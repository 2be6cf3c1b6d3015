// Removes nodes that no output of a network depends on.
#pragma once

#include "fer/graph/graph.h"

namespace fer::graph {

// The other nodes keep their order.
Graph pruned(const Graph& graph);

}  // namespace fer::graph
