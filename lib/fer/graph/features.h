// What a classifier knows of an image before it decides.
#pragma once

#include "fer/graph/graph.h"

namespace fer::graph {

struct FeatureValue {
  ValueId value = kInput;
  // Whether only each channel's mean counts, as of a map that a convolution reads.
  bool mean = false;
};

// What the last layer with weights before `output` reads: the vector that it makes logits of.
FeatureValue feature_value(const Graph& graph, ValueId output);

// A network whose one output is that: [numbers,1,1], or the map [channels,height,width] that a
// dense layer reads.
Graph feature_graph(Graph graph, ValueId output);

}  // namespace fer::graph
