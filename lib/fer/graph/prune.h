// Leaves out what a network's outputs do not depend on.
#pragma once

#include "fer/graph/graph.h"

namespace fer::graph {

// Nodes keep their order.
Graph pruned(const Graph& graph);

}  // namespace fer::graph
