#include "fer/graph/onnx_writer.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "fer/core/version.h"

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

// Which dense layers have a vector [N, outputs] as their result: those that only such layers read,
// and the network's end. What is left is [N, outputs, 1, 1], as all else is.
std::vector<bool> flat_values(const Graph& graph) {
  std::vector<bool> flat(graph.value_count());
  for (ValueId id = 1; id < flat.size(); ++id) {
    flat[id] = std::holds_alternative<Linear>(graph.nodes[id - 1]);
  }
  for (ValueId id = flat.size(); id-- > 1;) {  // readers are behind what they read
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
        values_{names.input} {}

  std::vector<OnnxValue> write() {
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
  ValueId id() const { return values_.size(); }  // of what is being written
  bool is_vector(ValueId value) const { return shapes_[value].height * shapes_[value].width == 1; }

  OnnxValue described(std::string name, ValueId value, bool flat) const {
    const auto& [channels, height, width] = shapes_[value];
    return {std::move(name), flat ? Dims{-1, channels} : Dims{-1, channels, height, width}};
  }

  // The name that the node's value has for the file's reader, where it can have it at once.
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

  // Reads what there is so far: "conv3/relu".
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

  std::string weights(const std::string& name, const Dims& dims, const std::vector<float>& values) {
    const std::string full = base_ + "." + name;
    return weights_ == OnnxWeights::float16 ? document_.halves(full, dims, values)
                                            : document_.floats(full, dims, values);
  }

  // A number for each channel.
  std::string vector(const std::string& name, const std::vector<float>& values) {
    return document_.floats(base_ + "." + name, {std::int64_t(values.size())}, values);
  }
  // Likewise, for operators that spread what they read over the map.
  std::string per_channel(const std::string& name, const std::vector<float>& values) {
    return document_.floats(base_ + "." + name, {std::int64_t(values.size()), 1, 1}, values);
  }

  void write(const Conv& conv) {
    begin("conv");
    const std::int64_t inputs = shapes_[conv.from].channels / conv.groups;
    const Dims dims{conv.outputs, inputs, conv.kernel_height, conv.kernel_width};
    first("Conv",
          {values_[conv.from], weights("weight", dims, conv.weights), vector("bias", conv.bias)},
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
    const auto bias = vector("bias", linear.bias);
    if (flat_[id()]) {
      const std::string from = flattened(linear.from);
      const Dims dims{linear.outputs, channels * height * width};
      first("Gemm", {from, weights("weight", dims, linear.weights), bias},
            {{"transB", std::int64_t{1}}});
    } else {  // the same as a convolution, whose result others can read as a map
      const Dims dims{linear.outputs, channels, height, width};
      first("Conv", {values_[linear.from], weights("weight", dims, linear.weights), bias},
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

  // What its last windows need behind the map, where it says how many there are.
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

  // Where `ceil` makes no difference it is left out: not all readers know it.
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

  void write(const PixelShuffle& shuffle) {
    begin("pixel_shuffle");
    first("DepthToSpace", {values_[shuffle.from]}, {{"blocksize", shuffle.block}, {"mode", "DCR"}});
  }

  // Writes the node; its last operation makes its value.
  void finish() {
    const std::string* wanted = wanted_name();
    if (wanted != nullptr) operations_.back().name = *wanted;
    for (const Operation& some : operations_) {
      document_.node(some.type, some.inputs, some.name, some.attributes);
    }
    const std::string& name = operations_.back().name;
    if (wanted == nullptr) document_.describe(described(name, id(), flat_[id()]));
    values_.push_back(name);
    operations_.clear();
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
  std::vector<std::string> values_;  // names of those that are written
  std::map<std::string, int> counts_;
  std::set<std::string> constants_;
  // Of the node that is being written: its name, what there is of it, and the value it is at.
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
