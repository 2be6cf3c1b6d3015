#include "fer/graph/eight_bit.h"

#include <algorithm>
#include <cmath>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::graph {

namespace {

// If the node is a Product, calls f(layer) and returns true.
template <typename SomeNode, typename Function>
bool if_product(SomeNode& node, const Function& f) {
  if (auto* conv = std::get_if<Conv>(&node); conv != nullptr && conv->groups == 1) {
    f(*conv);
    return true;
  }
  if (auto* linear = std::get_if<Linear>(&node); linear != nullptr) {
    f(*linear);
    return true;
  }
  return false;
}

// Whether the value is the output of a layer that can write 8 bits and ends in a ReLU, directly or
// behind poolings.
bool is_behind_relu(const Graph& graph, ValueId value) {
  if (value == kInput) return false;
  const Node& node = graph.nodes[value - 1];
  if (const auto* pool = std::get_if<Pool>(&node)) return is_behind_relu(graph, pool->from);
  if (const auto* conv = std::get_if<Conv>(&node); conv != nullptr && conv->groups != 1) {
    return false;
  }
  if (std::holds_alternative<Linear>(node)) return false;
  return std::visit(
      [](const auto& some) {
        if constexpr (requires { some.activation; }) {
          return some.activation == Activation::relu;
        } else {
          return false;
        }
      },
      node);
}

// Whether the node can read this value in 8 bits.
bool reads_eight_bit(const Node& node, ValueId value) {
  if (const auto* conv = std::get_if<Conv>(&node)) {
    if (conv->from != value) return true;  // `value` is only added
    const std::int64_t sum = static_cast<std::int64_t>(conv->weights.size()) / conv->outputs;
    return conv->groups == 1 && sum <= kMostProductsOfSum;
  }
  if (const auto* linear = std::get_if<Linear>(&node)) {
    const std::int64_t sum = static_cast<std::int64_t>(linear->weights.size()) / linear->outputs;
    return sum <= kMostProductsOfSum;
  }
  return std::holds_alternative<Pool>(node) || std::holds_alternative<Mean>(node) ||
         std::holds_alternative<Affine>(node) || std::holds_alternative<Gate>(node) ||
         std::holds_alternative<Add>(node);
}

}  // namespace

float weight_step(std::span<const float> weights) {
  float largest = 0.0F;
  for (const float weight : weights) largest = std::max(largest, std::abs(weight));
  return largest > 0.0F ? largest / 127.0F : 1.0F;
}

std::int32_t eight_bit_weight(float weight, float step) {
  return static_cast<std::int32_t>(std::lrint(std::clamp(weight / step, -127.0F, 127.0F)));
}

std::vector<Product> products_of(const Graph& graph) {
  std::vector<Product> products;
  for (const Node& node : graph.nodes) {
    if_product(node, [&](const auto& layer) {
      products.push_back({layer.from, layer.name, layer.input_scale});
    });
  }
  return products;
}

std::vector<bool> eight_bit_values(const Graph& graph, const std::vector<Shape>& shapes) {
  std::vector<bool> fit(shapes.size(), false);
  for (const Product& product : products_of(graph)) {
    const Shape& shape = shapes[product.from];
    fit[product.from] = shape.height * shape.width > 1 && is_behind_relu(graph, product.from);
  }
  for (const ValueId output : graph.outputs) fit[output] = false;
  for (const Node& node : graph.nodes) {
    for (const ValueId value : inputs_of(node)) {
      if (!reads_eight_bit(node, value)) fit[value] = false;
    }
  }
  return fit;
}

std::vector<float> eight_bit_scales(const Graph& graph, const std::vector<Shape>& shapes) {
  const std::vector<bool> fit = eight_bit_values(graph, shapes);
  std::vector<float> scales(shapes.size(), 0.0F);
  std::vector<bool> lacks(shapes.size(), false);
  for (const Product& product : products_of(graph)) {
    scales[product.from] = std::max(scales[product.from], product.input_scale);
    if (!(product.input_scale > 0.0F)) lacks[product.from] = true;
  }
  for (std::size_t value = 0; value < scales.size(); ++value) {
    if (!fit[value] || lacks[value]) scales[value] = 0.0F;
  }
  return scales;
}

void set_input_scales(Graph& graph, const std::map<std::string, double>& scales) {
  for (const auto& [name, scale] : scales) {
    bool found = false;
    for (Node& node : graph.nodes) {
      if_product(node, [&, &wanted = name, value = scale](auto& layer) {
        if (layer.name != wanted) return;
        layer.input_scale = static_cast<float>(value);
        found = true;
      });
    }
    if (!found) throw Error("has no convolution or dense layer " + quote(name));
  }
}

}  // namespace fer::graph
