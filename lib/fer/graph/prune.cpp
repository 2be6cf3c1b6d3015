#include "fer/graph/prune.h"

#include <vector>

namespace fer::graph {

namespace {

std::vector<bool> needed_values(const Graph& graph) {
  std::vector<bool> needed(graph.value_count(), false);
  for (const ValueId output : graph.outputs) needed[output] = true;
  for (ValueId value = graph.nodes.size(); value > kInput; --value) {
    if (!needed[value]) continue;
    for (const ValueId input : inputs_of(graph.nodes[value - 1])) needed[input] = true;
  }
  return needed;
}

// Renumbers a node's inputs.
struct Renumber {
  const std::vector<ValueId>& numbers;

  void operator()(ValueId& value) const {
    if (value != kNone) value = numbers[value];
  }

  template <typename Layer>
  void operator()(Layer& layer) const {
    if constexpr (requires { layer.parts; }) {
      for (ValueId& part : layer.parts) (*this)(part);
    } else {
      (*this)(layer.from);
    }
    if constexpr (requires { layer.add; }) (*this)(layer.add);
    if constexpr (requires { layer.gate; }) (*this)(layer.gate);
    if constexpr (requires { layer.other; }) (*this)(layer.other);
  }
};

}  // namespace

Graph pruned(const Graph& graph) {
  const std::vector<bool> needed = needed_values(graph);
  std::vector<ValueId> numbers(graph.value_count(), kInput);
  Graph less{.channels = graph.channels, .nodes = {}, .outputs = {}};
  for (ValueId value = 1; value < graph.value_count(); ++value) {
    if (!needed[value]) continue;
    Node node = graph.nodes[value - 1];
    std::visit([&](auto& layer) { Renumber{numbers}(layer); }, node);
    numbers[value] = less.add(std::move(node));
  }
  for (const ValueId output : graph.outputs) less.outputs.push_back(numbers[output]);
  return less;
}

}  // namespace fer::graph
