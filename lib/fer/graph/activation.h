// Activations of single numbers, for plain loops; runtime/ has its own code.
#pragma once

#include "fer/graph/graph.h"

namespace fer::graph {

float activated(Activation activation, float x);

// The slope at x; at a corner, the slope on its left.
float slope_of(Activation activation, float x);

}  // namespace fer::graph
