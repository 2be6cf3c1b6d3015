#include "fer/graph/features.h"

#include <variant>

namespace fer::graph {

namespace {

// Whether a layer only pools, scales or activates its input.
bool passes_on(const Node& node) {
  const auto* sum = std::get_if<Add>(&node);
  return std::holds_alternative<Mean>(node) || std::holds_alternative<Pool>(node) ||
         std::holds_alternative<Affine>(node) || std::holds_alternative<PRelu>(node) ||
         (sum != nullptr && sum->other == kNone);
}

}  // namespace

FeatureValue feature_value(const Graph& graph, ValueId output) {
  for (ValueId value = output; value != kInput;) {
    const Node& node = graph.nodes[value - 1];
    if (const auto* dense = std::get_if<Linear>(&node)) return {dense->from, false};
    if (const auto* conv = std::get_if<Conv>(&node)) return {conv->from, true};
    if (!passes_on(node)) return {value, true};
    value = inputs_of(node).front();
  }
  return {};
}

Graph feature_graph(Graph graph, ValueId output) {
  const auto [value, mean] = feature_value(graph, output);
  graph.outputs = {mean ? graph.add(Mean{value}) : value};
  return graph;
}

}  // namespace fer::graph
