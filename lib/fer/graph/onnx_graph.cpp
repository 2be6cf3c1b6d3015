#include "fer/graph/onnx_graph.h"

#include <algorithm>
#include <set>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/graph/onnx_translator.h"

namespace fer::graph {

namespace {

// Lowering takes time proportional to the square of the number of layers.
constexpr std::size_t kMostNodes = 10'000;
// The most weights of the graph for each one of the file. Constants may be used several times, and
// grouped convolutions become dense ones.
constexpr std::int64_t kMostExpansion = 4;
constexpr std::int64_t kSpareWeights = std::int64_t{1} << 20;

// Operators that may follow a softmax, because they change no number.
const std::set<std::string> kReshaping = {"Dropout", "Flatten", "Identity", "Reshape", "Squeeze"};

// The number of weights of a layer.
struct WeightsOf {
  template <typename Layer>
  std::int64_t operator()(const Layer& layer) const {
    std::size_t count = 0;
    if constexpr (requires { layer.weights; }) count += layer.weights.size() + layer.bias.size();
    if constexpr (requires { layer.scale; }) count += layer.scale.size() + layer.shift.size();
    if constexpr (requires { layer.slopes; }) count += layer.slopes.size();
    return static_cast<std::int64_t>(count);
  }
};

struct Activate {
  Activation activation;

  template <typename Layer>
  bool operator()(Layer& layer) const {
    if constexpr (requires { layer.activation; }) {
      if (layer.activation != Activation::none) return false;
      layer.activation = activation;
      return true;
    } else {
      return false;
    }
  }
};

// Folds a scale and a shift for each output into a convolution or dense layer.
template <typename Layer>
bool scale_rows(Layer& layer, const std::vector<double>& scale, const std::vector<double>& shift) {
  if (layer.activation != Activation::none) return false;
  const std::size_t row = layer.weights.size() / layer.bias.size();
  for (std::size_t i = 0; i < layer.weights.size(); ++i) {
    layer.weights[i] = static_cast<float>(double{layer.weights[i]} * scale[i / row]);
  }
  for (std::size_t o = 0; o < layer.bias.size(); ++o) {
    layer.bias[o] = static_cast<float>(double{layer.bias[o]} * scale[o] + shift[o]);
  }
  return true;
}

bool scale_channels(Affine& affine, const std::vector<double>& scale,
                    const std::vector<double>& shift) {
  if (affine.activation != Activation::none) return false;
  for (std::size_t c = 0; c < scale.size(); ++c) {
    affine.scale[c] = static_cast<float>(double{affine.scale[c]} * scale[c]);
    affine.shift[c] = static_cast<float>(double{affine.shift[c]} * scale[c] + shift[c]);
  }
  return true;
}

// Repeats the numbers for every pixel of a block.
std::vector<double> repeated(const std::vector<double>& numbers, std::int64_t times) {
  std::vector<double> all;
  for (std::int64_t i = 0; i < times; ++i) all.insert(all.end(), numbers.begin(), numbers.end());
  return all;
}

}  // namespace

OnnxTranslator::OnnxTranslator(const OnnxFile& file, const OnnxPicture& picture,
                               const std::string& origin)
    : file_(file), origin_(origin) {
  std::int64_t given = 0;
  for (const auto& [name, tensor] : file.weights) {
    constants_[name] = &tensor;
    given += static_cast<std::int64_t>(tensor.values.size());
  }
  for (const OnnxNode& node : file.nodes) {
    for (const auto& [name, tensor] : node.tensors) {
      given += static_cast<std::int64_t>(tensor.values.size());
    }
  }
  most_weights_ = given * kMostExpansion + kSpareWeights;
  count_uses();
  read_input(picture);
}

void OnnxTranslator::count_uses() {
  for (const OnnxNode& node : file_.nodes) {
    for (const std::string& input : node.inputs) ++uses_[input];
    if (node.type == "Conv" && !node.inputs.empty()) ++conv_reads_[node.inputs[0]];
  }
  for (const OnnxValue& output : file_.outputs) ++uses_[output.name];
}

void OnnxTranslator::read_input(const OnnxPicture& picture) {
  if (file_.inputs.size() != 1) throw Error(origin_ + ": it does not have exactly one input");
  const OnnxValue& input = file_.inputs[0];
  if (input.dims.size() != 4) throw Error(origin_ + ": its input is no picture");
  const auto is_colour = [](std::int64_t dim) { return dim == 1 || dim == 3; };
  const auto& [height, width, given_channels, given_last] = picture;
  result_.input = input.name;
  result_.channels_last =
      given_last.value_or(!is_colour(input.dims[1]) && is_colour(input.dims[3]));
  const std::int64_t channels = given_channels.value_or(input.dims[result_.channels_last ? 3 : 1]);
  result_.graph.channels = channels;
  try {
    shapes_.push_back(input_shape(channels, height, width));
  } catch (const Error& error) {
    throw Error(origin_ + ": " + error.what());
  }
  OnnxView& view = views_[input.name];
  view.channels_last = result_.channels_last;
  view.dims = view.channels_last ? std::vector<std::int64_t>{1, height, width, channels}
                                 : std::vector<std::int64_t>{1, channels, height, width};
}

OnnxGraph OnnxTranslator::translate() {
  if (file_.nodes.size() > kMostNodes) {
    throw Error(origin_ + ": it has more than " + std::to_string(kMostNodes) + " nodes");
  }
  for (const OnnxNode& node : file_.nodes) translate_node(node);
  for (const OnnxValue& output : file_.outputs) add_output(output);
  return std::move(result_);
}

void OnnxTranslator::translate_node(const OnnxNode& node) {
  node_ = &node;
  const OnnxOperator* some = find_operator(node.type);
  if (some == nullptr) fail("is of a type that is not supported");
  for (const std::string& attribute : node.attributes) {
    if (!some->attributes.contains(attribute)) {
      fail("has the attribute " + quote(attribute) + ", which is not supported");
    }
  }
  if (node.outputs.empty()) fail("has no output");
  for (const std::string& output : node.outputs) {
    if (views_.contains(output) || constants_.contains(output)) {
      fail("makes " + quote(output) + ", which there is already");
    }
    const bool further = &output != &node.outputs.front() && !output.empty();
    if (further && uses_.contains(output)) {
      fail("is used for more than its first output");
    }
  }
  some->translate(*this);
}

void OnnxTranslator::add_output(const OnnxValue& output) {
  const auto found = views_.find(output.name);
  if (found == views_.end()) {
    throw Error(origin_ + ": its output " + quote(output.name) + " is not computed by a layer");
  }
  const OnnxView& view = found->second;
  const bool one_order = shape(view).channels == 1 || shape(view).height * shape(view).width == 1;
  result_.graph.outputs.push_back(view.id);
  result_.outputs.push_back(
      {output.name, view.dims, view.channels_last && !one_order, view.softmax, view.log});
}

void OnnxTranslator::fail(const std::string& why) const {
  const std::string name = !node_->name.empty()     ? node_->name
                           : node_->outputs.empty() ? ""
                                                    : node_->outputs[0];
  throw Error(origin_ + ": its node " + quote(name) + " of type " + quote(node_->type) + " " + why);
}

bool OnnxTranslator::has_input(std::size_t number) const {
  return number < node_->inputs.size() && !node_->inputs[number].empty();
}

const OnnxTensor* OnnxTranslator::constant(std::size_t number) const {
  if (!has_input(number)) return nullptr;
  const auto found = constants_.find(node_->inputs[number]);
  return found == constants_.end() ? nullptr : found->second;
}

const OnnxView& OnnxTranslator::view(std::size_t number) const {
  if (!has_input(number)) fail("has too few inputs");
  const auto found = views_.find(node_->inputs[number]);
  if (found == views_.end()) fail("has a constant where a computed value must be");
  if (found->second.softmax && !kReshaping.contains(node_->type)) {
    fail("stands behind a softmax, which must be the last");
  }
  return found->second;
}

const OnnxView& OnnxTranslator::map(std::size_t number) const {
  const OnnxView& some = view(number);
  if (some.dims.size() != 4 || channel_axis(some) != 1) {
    fail("reads what is no map [1,channels,height,width]");
  }
  return some;
}

std::optional<std::size_t> OnnxTranslator::channel_axis(const OnnxView& view) const {
  const auto& [channels, height, width] = shape(view);
  using Dims = std::vector<std::int64_t>;
  const bool one_order = channels == 1 || height * width == 1;
  if (view.dims == Dims{1, channels} && height * width == 1) return 1;
  if (view.dims == Dims{1, channels, height, width} && (!view.channels_last || one_order)) return 1;
  if (view.dims == Dims{1, height, width, channels} && (view.channels_last || one_order)) return 3;
  return std::nullopt;
}

bool OnnxTranslator::same_layout(const OnnxView& a, const OnnxView& b) const {
  return shape(a) == shape(b) && a.dims == b.dims && a.channels_last == b.channels_last;
}

bool OnnxTranslator::reads_alone(std::size_t number, int times) const {
  return view(number).alone && uses_.at(node_->inputs[number]) == times;
}

bool OnnxTranslator::feeds_convolutions() const {
  const auto reads = conv_reads_.find(node_->outputs[0]);
  return reads != conv_reads_.end() && reads->second == uses_.at(node_->outputs[0]);
}

Node* OnnxTranslator::maker(const OnnxView& view) {
  return view.id == kInput ? nullptr : &result_.graph.nodes[view.id - 1];
}

Shape OnnxTranslator::shape_after(const Node& made) const {
  try {
    return shape_of(made, shapes_);
  } catch (const Error& error) {
    fail(std::string("cannot run: ") + error.what());
  }
}

void OnnxTranslator::require_room(std::int64_t weights) const {
  if (weights > most_weights_ - weights_) fail("needs weights out of proportion to the file");
}

ValueId OnnxTranslator::add(Node made) {
  const std::int64_t weights = std::visit(WeightsOf(), made);
  require_room(weights);
  weights_ += weights;
  shapes_.push_back(shape_after(made));
  return result_.graph.add(std::move(made));
}

void OnnxTranslator::make(Node made) {
  const Shape shape = shape_after(made);
  make(std::move(made), {1, shape.channels, shape.height, shape.width}, false);
}

void OnnxTranslator::make(Node made, std::vector<std::int64_t> dims, bool channels_last) {
  const ValueId id = add(std::move(made));
  views_[node_->outputs[0]] = {.id = id, .dims = std::move(dims), .channels_last = channels_last};
}

void OnnxTranslator::set(std::size_t number, OnnxView view) {
  view.alone = reads_alone(number);
  views_[node_->outputs[0]] = std::move(view);
}

void OnnxTranslator::set(OnnxView view) { views_[node_->outputs[0]] = std::move(view); }

void OnnxTranslator::set(const OnnxTensor& constant) { constants_[node_->outputs[0]] = &constant; }

void OnnxTranslator::set(OnnxTensor&& constant) {
  const auto count = static_cast<std::int64_t>(constant.values.size());
  require_room(count);
  weights_ += count;
  made_constants_.push_back(std::move(constant));
  set(made_constants_.back());
}

void OnnxTranslator::scale(std::size_t number, const std::vector<double>& scale,
                           const std::vector<double>& shift) {
  const OnnxView from = view(number);
  if (reads_alone(number) && fold(from.id, scale, shift)) {
    set(number, from);
    return;
  }
  make(Affine{.from = from.id,
              .scale = {scale.begin(), scale.end()},
              .shift = {shift.begin(), shift.end()}},
       from.dims, from.channels_last);
}

void OnnxTranslator::activate(std::size_t number, Activation activation) {
  const OnnxView from = view(number);
  if (reads_alone(number) && fold(from.id, activation)) {
    set(number, from);
    return;
  }
  make(Add{.from = from.id, .activation = activation}, from.dims, from.channels_last);
}

bool OnnxTranslator::fold(ValueId id, const std::vector<double>& scale,
                          const std::vector<double>& shift) {
  if (id == kInput) return false;
  Node& node = result_.graph.nodes[id - 1];
  if (auto* conv = std::get_if<Conv>(&node)) {
    return conv->add == kNone && scale_rows(*conv, scale, shift);
  }
  if (auto* linear = std::get_if<Linear>(&node)) return scale_rows(*linear, scale, shift);
  if (auto* affine = std::get_if<Affine>(&node)) return scale_channels(*affine, scale, shift);
  if (const auto* shuffle = std::get_if<PixelShuffle>(&node)) {
    const std::int64_t pixels = shuffle->block * shuffle->block;
    return fold(shuffle->from, repeated(scale, pixels), repeated(shift, pixels));
  }
  return false;
}

// Only the PixelShuffle reads the convolution before it.
bool OnnxTranslator::fold(ValueId id, Activation activation) {
  if (id == kInput) return false;
  Node& node = result_.graph.nodes[id - 1];
  const auto* shuffle = std::get_if<PixelShuffle>(&node);
  if (shuffle != nullptr) return fold(shuffle->from, activation);
  return std::visit([&](auto& layer) { return Activate{activation}(layer); }, node);
}

bool OnnxTranslator::is_last(const OnnxView& view) const {
  return view.id == result_.graph.nodes.size();
}

void OnnxTranslator::drop_last() {
  result_.graph.nodes.pop_back();
  shapes_.pop_back();
}

OnnxGraph graph_of_onnx(const OnnxFile& file, const OnnxPicture& picture,
                        const std::string& origin) {
  return OnnxTranslator(file, picture, origin).translate();
}

}  // namespace fer::graph
