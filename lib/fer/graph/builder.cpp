#include "fer/graph/builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::graph {

namespace {

constexpr double kNormEpsilon = 1e-5;  // as in LibTorch

std::string text_of(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> extents;
  for (const std::int64_t extent : shape) extents.push_back(std::to_string(extent));
  return "[" + join(extents, ",") + "]";
}

}  // namespace

const std::vector<float>& Builder::tensor(const std::string& name,
                                          const std::vector<std::int64_t>& shape) {
  const auto found = weights_.find(name);
  if (found == weights_.end()) throw Error(origin_ + ": has no tensor '" + name + "'");
  const Tensor& tensor = found->second;
  if (tensor.shape != shape || tensor.values.empty()) {
    throw Error(origin_ + ": tensor '" + name + "' is " +
                (tensor.values.empty() ? "no floats, " : "Float ") + text_of(tensor.shape) +
                "; the network needs Float " + text_of(shape));
  }
  const auto finite = [](float x) { return std::isfinite(x); };
  if (!std::all_of(tensor.values.begin(), tensor.values.end(), finite)) {
    throw Error(origin_ + ": tensor '" + name + "' holds numbers that are not finite");
  }
  taken_.insert(name);
  return tensor.values;
}

Builder::Affines Builder::norm(const std::string& name, std::int64_t channels) {
  const std::vector<float>& gamma = tensor(name + ".weight", {channels});
  const std::vector<float>& beta = tensor(name + ".bias", {channels});
  const std::vector<float>& mean = tensor(name + ".running_mean", {channels});
  const std::vector<float>& variance = tensor(name + ".running_var", {channels});
  taken_.insert(name + ".num_batches_tracked");
  Affines affines;
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    if (variance[c] < 0.0F) {
      throw Error(origin_ + ": tensor '" + name + ".running_var' holds a negative variance");
    }
    const double scale = double{gamma[c]} / std::sqrt(double{variance[c]} + kNormEpsilon);
    affines.scale.push_back(scale);
    affines.shift.push_back(double{beta[c]} - double{mean[c]} * scale);
  }
  return affines;
}

ValueId Builder::conv(ValueId from, const ConvSpec& spec) {
  Conv conv{.from = from,
            .add = spec.add,
            .outputs = spec.outputs,
            .kernel_height = spec.kernel,
            .kernel_width = spec.kernel,
            .stride = spec.stride,
            .padding = spec.padding,
            .groups = spec.groups,
            .weights = tensor(spec.name + ".weight",
                              {spec.outputs, spec.inputs / spec.groups, spec.kernel, spec.kernel}),
            .bias = std::vector<float>(static_cast<std::size_t>(spec.outputs), 0.0F),
            .activation = spec.activation,
            .name = spec.name};
  if (spec.bias) conv.bias = tensor(spec.name + ".bias", {spec.outputs});
  if (!spec.norm.empty()) {
    const Affines affines = norm(spec.norm, spec.outputs);
    const std::size_t row = conv.weights.size() / conv.bias.size();
    for (std::size_t o = 0; o < conv.bias.size(); ++o) {
      for (std::size_t i = o * row; i < (o + 1) * row; ++i) {
        conv.weights[i] = static_cast<float>(double{conv.weights[i]} * affines.scale[o]);
      }
      conv.bias[o] = static_cast<float>(double{conv.bias[o]} * affines.scale[o] + affines.shift[o]);
    }
  }
  return graph_.add(std::move(conv));
}

ValueId Builder::norm_relu(ValueId from, const std::string& name, std::int64_t channels) {
  const Affines affines = norm(name, channels);
  return graph_.add(Affine{.from = from,
                           .scale = {affines.scale.begin(), affines.scale.end()},
                           .shift = {affines.shift.begin(), affines.shift.end()},
                           .activation = Activation::relu});
}

ValueId Builder::linear(ValueId from, const std::string& name, Shape inputs, std::int64_t outputs,
                        Activation activation) {
  return graph_.add(Linear{.from = from,
                           .outputs = outputs,
                           .weights = tensor(name + ".weight", {outputs, inputs.count()}),
                           .bias = tensor(name + ".bias", {outputs}),
                           .activation = activation,
                           .name = name});
}

ValueId Builder::gate(ValueId from, ValueId gate, ValueId add, Activation activation) {
  return graph_.add(Gate{from, gate, add, activation});
}

ValueId Builder::max_pool(ValueId from, std::int64_t kernel, std::int64_t stride,
                          std::int64_t padding) {
  return graph_.add(Pool{from, PoolKind::max, kernel, stride, padding, /*ceil=*/false});
}

ValueId Builder::average_pool(ValueId from) {
  return graph_.add(Pool{from, PoolKind::average, 2, 2, 0, /*ceil=*/true});
}

ValueId Builder::blur_pool(ValueId from) {
  const ValueId once = graph_.add(Pool{from, PoolKind::average, 2, 1, 1, /*ceil=*/false});
  return graph_.add(Pool{once, PoolKind::average, 2, 2, 0, /*ceil=*/false});
}

ValueId Builder::mean(ValueId from) { return graph_.add(Mean{from}); }

Graph Builder::take(ValueId output) {
  for (const auto& [name, tensor] : weights_) {
    if (!taken_.contains(name)) {
      throw Error(origin_ + ": tensor " + quote(name) + " is none of the network's");
    }
  }
  graph_.outputs = {output};
  return std::move(graph_);
}

}  // namespace fer::graph
