// What an activation makes of one number, for plain loops; runtime/ has its own.
#pragma once

#include "fer/graph/graph.h"

namespace fer::graph {

float activated(Activation activation, float x);

// Its slope at x; at a corner that of the left side.
float slope_of(Activation activation, float x);

}  // namespace fer::graph
