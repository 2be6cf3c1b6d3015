// A stranger's network, run where that is quick.
#pragma once

#include <cstdint>

#include "fer/graph/graph.h"

namespace fer::fuzz {

// Makes it ready for pictures of this size and runs it on one, unless it is large: then that takes the
// time it takes. @throws fer::Error where it does not fit together.
void run_if_small(const graph::Graph& graph, std::int64_t height, std::int64_t width);

}  // namespace fer::fuzz
