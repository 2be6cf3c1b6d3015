// The features of an image: the input of a classifier's last layer.
#pragma once

#include "fer/graph/graph.h"

namespace fer::graph {

struct FeatureValue {
  ValueId value = kInput;
  // Whether the features are the means of its channels, as with a map that a convolution reads.
  bool mean = false;
};

// The input of the last layer with weights before `output`, from which it computes the logits.
FeatureValue feature_value(const Graph& graph, ValueId output);

// A network with feature_value() as its only output: [numbers,1,1], or the map
// [channels,height,width] that a dense layer reads.
Graph feature_graph(Graph graph, ValueId output);

}  // namespace fer::graph
