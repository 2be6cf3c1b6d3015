#include "fer/nn/net_cost.h"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/utils.h>

#include <optional>
#include <unordered_set>
#include <vector>

#include "fer/core/face.h"

namespace fer::nn {

namespace {

using torch::autograd::AccumulateGrad;
using torch::autograd::Node;

// Which input of a layer is its weight; empty for nodes that are no layers.
std::optional<std::size_t> weight_input(const Node& node) {
  if (node.name() == "ConvolutionBackward0") return 1;  // convolution(input, weight, …)
  if (node.name() == "AddmmBackward0") return 2;        // addmm(bias, input, weight transposed)
  return std::nullopt;
}

// Elements of one filter of the parameter [filters, …] that an edge leads to.
std::int64_t filter_size(const Node* node) {
  while (node->num_outputs() > 0) node = node->next_edge(0).function.get();  // through a transpose
  const at::Tensor& weight = static_cast<const AccumulateGrad*>(node)->variable;
  return weight.numel() / weight.size(0);
}

// Every output element of a layer is a dot product as long as a filter. The gradient that comes in
// has the shape of the output.
void count_layer(const Node& node, NetCost& cost) {
  const auto weight = weight_input(node);
  if (!weight) return;
  std::int64_t elements = 1;
  for (const c10::SymInt& extent : node.input_metadata(0).shape_as_dim_vector()) {
    elements *= extent.expect_int();
  }
  cost.activations += elements;
  cost.multiply_adds += elements * filter_size(node.next_edge(*weight).function.get());
}

void count_graph(const at::Tensor& logits, NetCost& cost) {
  std::vector<const Node*> left = {logits.grad_fn().get()};
  std::unordered_set<const Node*> seen(left.begin(), left.end());
  while (!left.empty()) {
    const Node* node = left.back();
    left.pop_back();
    count_layer(*node, cost);
    for (const auto& edge : node->next_edges()) {
      if (edge.function && seen.insert(edge.function.get()).second) {
        left.push_back(edge.function.get());
      }
    }
  }
}

}  // namespace

NetCost measure_cost(Classifier& net) {
  NetCost cost;
  cost.parameters = net.parameter_count();
  const torch::AutoGradMode with_gradients(true);
  const bool was_training = net.is_training();
  net.eval();
  // In double every layer runs as an operator of LibTorch, and none by our own kernels.
  net.to(at::kDouble);
  const at::Device device = net.parameters().front().device();
  count_graph(net.forward(at::zeros({1, 1, kFaceSide, kFaceSide},
                                    at::TensorOptions(at::kDouble).device(device))),
              cost);
  net.to(at::kFloat);
  net.train(was_training);
  return cost;
}

}  // namespace fer::nn
