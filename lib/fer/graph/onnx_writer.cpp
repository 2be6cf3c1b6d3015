#include "fer/graph/onnx_writer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/options.h"
#include "fer/core/version.h"
#include "fer/graph/eight_bit.h"
#include "fer/graph/resize.h"

namespace fer::graph {

namespace {

using Dims = std::vector<std::int64_t>;
using Attributes = std::vector<OnnxAttribute>;

struct Operation {
  std::string type;
  std::vector<std::string> inputs;
  std::string name;
  Attributes attributes = {};
};

// The scale of an output's weights, chosen so that its bias also fits into 31 bits. If all weights
// are zero, the bias alone decides.
float exported_step(std::span<const float> weights, float bias) {
  constexpr float kMostCount = 1U << 30U, kFine = 1U << 20U;
  const bool zeros =
      std::all_of(weights.begin(), weights.end(), [](float weight) { return weight == 0.0F; });
  if (zeros && bias > 0.0F) return bias / kFine;
  return std::max(weight_step(weights), bias / kMostCount);
}

// The values that are vectors [N, outputs]: those of dense layers that only such layers read, or
// that are outputs of the network. All other values have four dims.
std::vector<bool> flat_values(const Graph& graph) {
  std::vector<bool> flat(graph.value_count());
  for (ValueId id = 1; id < flat.size(); ++id) {
    flat[id] = std::holds_alternative<Linear>(graph.nodes[id - 1]);
  }
  for (ValueId id = flat.size(); id-- > 1;) {  // readers come after the values that they read
    if (flat[id]) continue;
    for (const ValueId input : inputs_of(graph.nodes[id - 1])) flat[input] = false;
  }
  return flat;
}

class GraphWriter {
 public:
  GraphWriter(OnnxDocument& document, const Graph& graph, std::vector<Shape> shapes,
              const OnnxNames& names, OnnxWeights weights)
      : document_(document),
        graph_(graph),
        shapes_(std::move(shapes)),
        flat_(flat_values(graph)),
        names_(names),
        weights_(weights),
        scales_(weights == OnnxWeights::int8 ? eight_bit_scales(graph, shapes_)
                                             : std::vector<float>(shapes_.size(), 0.0F)),
        values_{names.input} {}

  std::vector<OnnxValue> write() {
    const bool rounds = std::any_of(scales_.begin(), scales_.end(), [](float s) { return s > 0; });
    if (weights_ == OnnxWeights::int8 && !rounds) {
      throw Error("the network has no scales for 8-bit integers");
    }
    while (values_.size() < graph_.value_count()) {
      const Node& node = graph_.nodes[values_.size() - 1];
      std::visit([this](const auto& some) { write(some); }, node);
      finish();
    }
    std::vector<OnnxValue> outputs;
    for (std::size_t i = 0; i < graph_.outputs.size(); ++i) outputs.push_back(output(i));
    return outputs;
  }

 private:
  ValueId id() const { return values_.size(); }  // of the value that is being written
  bool is_vector(ValueId value) const { return shapes_[value].height * shapes_[value].width == 1; }

  OnnxValue described(std::string name, ValueId value, bool flat) const {
    const auto& [channels, height, width] = shapes_[value];
    return {std::move(name), flat ? Dims{-1, channels} : Dims{-1, channels, height, width}};
  }

  // The name of the network's output that the node's value is; null for other values.
  const std::string* wanted_name() const {
    for (std::size_t i = 0; i < graph_.outputs.size(); ++i) {
      if (graph_.outputs[i] == id() && (flat_[id()] || !is_vector(id()))) return &names_.outputs[i];
    }
    return nullptr;
  }

  // Begins a node: "conv3".
  void begin(const std::string& kind) {
    base_ = names_.prefix + kind + std::to_string(++counts_[kind]);
  }

  void first(std::string type, std::vector<std::string> inputs, Attributes attributes = {}) {
    operations_.push_back({std::move(type), std::move(inputs), base_, std::move(attributes)});
    last_ = base_;
  }

  // Adds an operation on the value so far: "conv3/relu".
  void then(std::string type, const std::string& suffix, const std::vector<std::string>& more = {},
            Attributes attributes = {}) {
    std::vector<std::string> inputs{last_};
    inputs.insert(inputs.end(), more.begin(), more.end());
    last_ = operations_.empty() ? base_ : base_ + "/" + suffix;
    operations_.push_back({std::move(type), std::move(inputs), last_, std::move(attributes)});
  }

  void add(ValueId value) {
    if (value != kNone) then("Add", "add", {values_[value]});
  }

  void activate(Activation activation) {
    switch (activation) {
      case Activation::none:
        return;
      case Activation::relu:
        return then("Relu", "relu");
      case Activation::sigmoid:
        return then("Sigmoid", "sigmoid");
      case Activation::relu6:
        return then("Clip", "relu6", {number("zero", 0.0F), number("six", 6.0F)});
      case Activation::hard_sigmoid:
        return then("HardSigmoid", "hard_sigmoid", {}, {{"alpha", 1.0F / 6.0F}, {"beta", 0.5F}});
      case Activation::hard_swish:
        return then("HardSwish", "hard_swish");
      case Activation::swish: {
        const std::string from = last_;
        then("Sigmoid", "sigmoid");
        return then("Mul", "swish", {from});
      }
    }
  }

  // A constant that all of the network's nodes share.
  std::string number(const std::string& name, float value) {
    const std::string full = names_.prefix + name;
    if (constants_.insert(full).second) document_.floats(full, {}, std::span(&value, 1));
    return full;
  }

  // A layer's inputs: `reads`, its weights [outputs, …] and its bias.
  std::vector<std::string> inputs_of_layer(const std::string& reads, ValueId from, const Dims& dims,
                                           const std::vector<float>& weights,
                                           const std::vector<float>& bias) {
    const std::string weight = base_ + ".weight";
    if (scales_[from] > 0.0F) return stepped_inputs(reads, scales_[from], dims, weights, bias);
    const bool halves = weights_ == OnnxWeights::float16;
    return {
        reads,
        halves ? document_.halves(weight, dims, weights) : document_.floats(weight, dims, weights),
        vector("bias", bias)};
  }

  // A layer's inputs in whole numbers. Toolkits compute in integers if the bias has the scale of
  // the products.
  std::vector<std::string> stepped_inputs(const std::string& reads, float scale, const Dims& dims,
                                          const std::vector<float>& weights,
                                          const std::vector<float>& bias) {
    const std::size_t outputs = bias.size(), each = weights.size() / outputs;
    std::vector<float> steps, bias_steps;
    std::vector<std::int32_t> counts, bias_counts;
    for (std::size_t output = 0; output < outputs; ++output) {
      const auto own = std::span(weights).subspan(output * each, each);
      steps.push_back(exported_step(own, std::abs(bias[output]) / scale));
      for (const float weight : own) counts.push_back(eight_bit_weight(weight, steps.back()));
      bias_steps.push_back(scale * steps.back());
      bias_counts.push_back(
          static_cast<std::int32_t>(std::lrint(bias[output] / bias_steps.back())));
    }
    const Dims all{static_cast<std::int64_t>(outputs)};
    return {reads, document_.stepped(base_ + ".weight", OnnxType::int8, dims, counts, steps),
            document_.stepped(base_ + ".bias", OnnxType::int32, all, bias_counts, bias_steps)};
  }

  // A number for each channel.
  std::string vector(const std::string& name, const std::vector<float>& values) {
    return document_.floats(base_ + "." + name, {std::int64_t(values.size())}, values);
  }
  // A number for each channel, for operators that broadcast it over the map.
  std::string per_channel(const std::string& name, const std::vector<float>& values) {
    return document_.floats(base_ + "." + name, {std::int64_t(values.size()), 1, 1}, values);
  }

  void write(const Conv& conv) {
    begin("conv");
    const std::int64_t inputs = shapes_[conv.from].channels / conv.groups;
    const Dims dims{conv.outputs, inputs, conv.kernel_height, conv.kernel_width};
    first("Conv", inputs_of_layer(values_[conv.from], conv.from, dims, conv.weights, conv.bias),
          {{"kernel_shape", Dims{conv.kernel_height, conv.kernel_width}},
           {"strides", Dims(2, conv.stride)},
           {"pads", Dims(4, conv.padding)},
           {"group", conv.groups}});
    add(conv.add);
    activate(conv.activation);
  }

  void write(const Linear& linear) {
    begin("linear");
    const auto& [channels, height, width] = shapes_[linear.from];
    const auto inputs = [&](const std::string& reads, const Dims& dims) {
      return inputs_of_layer(reads, linear.from, dims, linear.weights, linear.bias);
    };
    if (flat_[id()]) {
      const std::string from = flattened(linear.from);
      first("Gemm", inputs(from, {linear.outputs, channels * height * width}),
            {{"transB", std::int64_t{1}}});
    } else {  // as a convolution, whose result other nodes can read as a map
      first("Conv", inputs(values_[linear.from], {linear.outputs, channels, height, width}),
            {{"kernel_shape", Dims{height, width}}});
    }
    activate(linear.activation);
  }

  // [N, channels * height * width]
  std::string flattened(ValueId value) {
    if (flat_[value]) return values_[value];
    const std::string name = base_ + "/flat";
    operations_.push_back({"Flatten", {values_[value]}, name, {{"axis", std::int64_t{1}}}});
    return name;
  }

  void write(const Pool& pool) {
    const bool largest = pool.kind == PoolKind::max;
    begin(largest ? "max_pool" : "average_pool");
    Attributes attributes{{"kernel_shape", Dims(2, pool.kernel)},
                          {"strides", Dims(2, pool.stride)},
                          {"pads", pool_pads(pool)}};
    if (!largest) attributes.push_back({"count_include_pad", std::int64_t{0}});
    if (counts_last_window(pool)) attributes.push_back({"ceil_mode", std::int64_t{1}});
    first(largest ? "MaxPool" : "AveragePool", {values_[pool.from]}, attributes);
  }

  // The pads behind the map for a given number of windows.
  Dims pool_pads(const Pool& pool) const {
    if (pool.rows == 0) return Dims(4, pool.padding);
    const Shape& from = shapes_[pool.from];
    const auto behind = [&](std::int64_t side, std::int64_t windows) {
      const std::int64_t reach = (windows - 1) * pool.stride + pool.kernel;
      return std::max<std::int64_t>(reach - side - pool.padding, 0);
    };
    return {pool.padding, pool.padding, behind(from.height, pool.rows),
            behind(from.width, pool.cols)};
  }

  // Whether `ceil` makes a difference; otherwise it is left out, because not all readers know it.
  bool counts_last_window(Pool pool) const {
    if (!pool.ceil) return false;
    pool.ceil = false;
    return shape_of(pool, shapes_) != shapes_[id()];
  }

  void write(const Mean& mean) {
    begin("mean");
    first("GlobalAveragePool", {values_[mean.from]});
  }

  void write(const Affine& affine) {
    begin("norm");
    first("Mul", {values_[affine.from], per_channel("scale", affine.scale)});
    then("Add", "shift", {per_channel("shift", affine.shift)});
    activate(affine.activation);
  }

  void write(const Gate& gate) {
    begin("gate");
    last_ = values_[gate.gate];
    activate(gate.opens);
    const std::string open = std::exchange(last_, values_[gate.from]);
    then("Mul", "mul", {open});  // the map first: OpenCV 4.6 takes the result's shape from it
    add(gate.add);
    activate(gate.activation);
  }

  void write(const Add& some) {
    begin(some.other == kNone ? "activation" : "add");
    last_ = values_[some.from];
    add(some.other);
    activate(some.activation);
    if (operations_.empty()) then("Identity", "");
  }

  void write(const Concat& concat) {
    begin("concat");
    std::vector<std::string> parts;
    for (const ValueId part : concat.parts) parts.push_back(values_[part]);
    first("Concat", parts, {{"axis", std::int64_t{1}}});
  }

  void write(const PRelu& prelu) {
    begin("prelu");
    first("PRelu", {values_[prelu.from], per_channel("slope", prelu.slopes)});
  }

  void write(const Upsample& upsample) {
    begin("upsample");
    const auto factor = static_cast<float>(upsample.factor);
    const std::vector<float> scales{1.0F, 1.0F, factor, factor};
    first("Resize", {values_[upsample.from], "", vector("scales", scales)},
          {{"mode", "nearest"},
           {"coordinate_transformation_mode", "asymmetric"},
           {"nearest_mode", "floor"}});
  }

  void write(const Resize& resize) {
    begin("resize");
    std::vector<std::string> inputs{values_[resize.from], ""};
    if (resize.row_scale > 0.0F && resize.col_scale > 0.0F) {
      inputs.push_back(
          vector("scales", std::vector<float>{1.0F, 1.0F, resize.row_scale, resize.col_scale}));
    } else {
      const Dims sizes{1, shapes_[id()].channels, resize.rows, resize.cols};
      inputs.insert(inputs.end(), {"", document_.integers(base_ + ".sizes", sizes)});
    }
    first("Resize", inputs,
          {{"mode", choice_name(resize.kind)},
           {"coordinate_transformation_mode", choice_name(resize.place)},
           {"nearest_mode", choice_name(resize.rounding)}});
  }

  void write(const Multiply& product) {
    begin("multiply");
    first("Mul", {values_[product.from], values_[product.other]});
  }

  void write(const PixelShuffle& shuffle) {
    begin("pixel_shuffle");
    first("DepthToSpace", {values_[shuffle.from]}, {{"blocksize", shuffle.block}, {"mode", "DCR"}});
  }

  // Ends the node; its last operation makes its value.
  void finish() {
    const std::string* wanted = wanted_name();
    if (wanted != nullptr) operations_.back().name = *wanted;
    for (const Operation& some : operations_) {
      document_.node(some.type, some.inputs, some.name, some.attributes);
    }
    const std::string& name = operations_.back().name;
    if (wanted == nullptr) document_.describe(described(name, id(), flat_[id()]));
    values_.push_back(scales_[id()] > 0.0F ? rounded(name, scales_[id()]) : name);
    operations_.clear();
  }

  // Rounds the value to whole numbers from 0 to 255 times its scale, for its readers.
  std::string rounded(const std::string& name, float scale) {
    const std::string step = document_.floats(name + ".scale", {}, std::span(&scale, 1));
    const std::string zero = document_.zero(name + ".zero", OnnxType::uint8);
    document_.node("QuantizeLinear", {name, step, zero}, name + "/quantized");
    document_.node("DequantizeLinear", {name + "/quantized", step, zero}, name + "/rounded");
    return name + "/rounded";
  }

  OnnxValue output(std::size_t number) {
    const ValueId value = graph_.outputs[number];
    const std::string& name = names_.outputs[number];
    const bool is_there = values_[value] == name;
    if (!is_there) {
      const bool flattens = is_vector(value) && !flat_[value];
      document_.node(flattens ? "Flatten" : "Identity", {values_[value]}, name);
    }
    return described(name, value, is_vector(value));
  }

  OnnxDocument& document_;
  const Graph& graph_;
  const std::vector<Shape> shapes_;
  const std::vector<bool> flat_;
  const OnnxNames& names_;
  const OnnxWeights weights_;
  const std::vector<float> scales_;  // of values that are rounded; 0: not rounded
  std::vector<std::string> values_;  // names of the values written so far
  std::map<std::string, int> counts_;
  std::set<std::string> constants_;
  // The current node: its name, its operations so far, and its latest value.
  std::string base_;
  std::vector<Operation> operations_;
  std::string last_;
};

}  // namespace

std::vector<OnnxValue> write_graph(OnnxDocument& document, const Graph& graph, std::int64_t height,
                                   std::int64_t width, const OnnxNames& names,
                                   OnnxWeights weights) {
  return GraphWriter(document, graph, shapes_of(graph, height, width), names, weights).write();
}

std::string onnx_of(const Graph& graph, std::int64_t height, std::int64_t width,
                    const std::vector<std::string>& outputs, OnnxWeights weights) {
  OnnxDocument document;
  OnnxNames names{.outputs = outputs};
  document.input({names.input, {-1, graph.channels, height, width}}, OnnxType::float32, "");
  for (const OnnxValue& output : write_graph(document, graph, height, width, names, weights)) {
    document.output(output, OnnxType::float32, "");
  }
  return document.content({"network", "", "fer", version(), {}});
}

}  // namespace fer::graph
