#include "fer/graph/net_cost.h"

#include <variant>
#include <vector>

namespace fer::graph {

namespace {

// The length of the dot product for each number of a layer's output; 0 for layers without weights.
struct ProductLength {
  std::int64_t operator()(const Conv& conv) const { return length(conv.weights, conv.outputs); }
  std::int64_t operator()(const Linear& dense) const {
    return length(dense.weights, dense.outputs);
  }
  template <typename Other>
  std::int64_t operator()(const Other&) const {
    return 0;
  }

  static std::int64_t length(const std::vector<float>& weights, std::int64_t outputs) {
    return static_cast<std::int64_t>(weights.size()) / outputs;
  }
};

}  // namespace

std::int64_t parameter_count(const Weights& weights) {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : weights) {
    if (name.ends_with(".running_mean") || name.ends_with(".running_var")) continue;
    count += static_cast<std::int64_t>(tensor.values.size());
  }
  return count;
}

NetCost cost_of(const Graph& graph, const Weights& weights, std::int64_t height,
                std::int64_t width) {
  NetCost cost{.parameters = parameter_count(weights)};
  const std::vector<Shape> shapes = shapes_of(graph, height, width);
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    const std::int64_t length = std::visit(ProductLength(), graph.nodes[node]);
    if (length == 0) continue;
    cost.activations += shapes[node + 1].count();
    cost.multiply_adds += shapes[node + 1].count() * length;
  }
  return cost;
}

}  // namespace fer::graph
