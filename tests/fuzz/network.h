// Runs an untrusted network if that is quick.
#pragma once

#include <cstdint>

#include "fer/graph/graph.h"

namespace fer::fuzz {

// Compiles it for pictures of this size and runs it on one, unless it is so large that this takes
// long. @throws fer::Error if it is inconsistent.
void run_if_small(const graph::Graph& graph, std::int64_t height, std::int64_t width);

}  // namespace fer::fuzz
