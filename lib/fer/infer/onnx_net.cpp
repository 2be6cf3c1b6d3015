#include "fer/infer/onnx_net.h"

#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/infer/packed_conv.h"

namespace fer::infer {

// A node of the file, or several of them in one. Not in the unnamed namespace, because OnnxNet::Parts
// holds such steps and has linkage.
struct OnnxStep {
  enum class Kind { conv, add, relu, sigmoid };
  Kind kind = Kind::conv;
  std::string from, other, to;  // `other`: what is added, if any
  std::optional<PackedConv> conv;
  std::vector<std::int64_t> weight;  // of conv: [O,I/groups,K,K]
  std::int64_t stride = 1, padding = 0, groups = 1;
  std::int64_t enlarge = 1;  // behind conv: so many times the height and width, from the channels
  std::vector<std::string> done;  // values that no later step needs
};

namespace {

using Step = OnnxStep;

// A convolution under way to its step: what follows it may still change it.
struct Convolution {
  at::Tensor weight, bias;
  std::int64_t stride = 1, padding = 0, groups = 1, enlarge = 1;
};

using Counts = std::map<std::string, int>;

// Every number of the list is the same: that number, or what it is where the list is not there.
std::optional<std::int64_t> same_all(const OnnxNode& node, const char* name, std::int64_t usual) {
  const auto found = node.integers.find(name);
  if (found == node.integers.end() || found->second.empty()) return usual;
  const std::vector<std::int64_t>& list = found->second;
  const bool same = std::all_of(list.begin(), list.end(), [&](auto x) { return x == list[0]; });
  return same ? std::optional(list[0]) : std::nullopt;
}

// Paddings are written out, not left to a rule.
bool pads_itself(const OnnxNode& node) {
  const auto rule = node.texts.find("auto_pad");
  return rule != node.texts.end() && rule->second != "NOTSET";
}

at::Tensor weight_of(const OnnxFile& file, const std::string& name) {
  const auto found = file.weights.find(name);
  if (found == file.weights.end() || found->second.values.empty()) return {};
  const OnnxTensor& tensor = found->second;
  return at::tensor(tensor.values).view(tensor.dims);
}

// The input of that number; undefined where it is not given, or no list of floats.
at::Tensor weight_input(const OnnxFile& file, const OnnxNode& node, std::size_t number) {
  return number < node.inputs.size() ? weight_of(file, node.inputs[number]) : at::Tensor();
}

// A missing bias is zeros; one of another length is no bias.
std::optional<at::Tensor> bias_input(const OnnxFile& file, const OnnxNode& node,
                                     std::int64_t channels) {
  const at::Tensor bias = weight_input(file, node, 2);
  if (node.inputs.size() < 3) return at::zeros({channels});
  if (!bias.defined() || bias.dim() != 1 || bias.size(0) != channels) return std::nullopt;
  return bias;
}

std::optional<Convolution> read_conv(const OnnxFile& file, const OnnxNode& node) {
  const auto stride = same_all(node, "strides", 1), padding = same_all(node, "pads", 0);
  const auto groups = same_all(node, "group", 1), dilation = same_all(node, "dilations", 1);
  const at::Tensor weight = weight_input(file, node, 1);
  const bool fits = stride && padding && groups && dilation == 1 && *stride >= 1 && *stride <= 16 &&
                    *padding >= 0 && *padding <= 16 && *groups >= 1 && weight.defined() &&
                    weight.dim() == 4 && weight.size(0) % *groups == 0 && weight.numel() > 0;
  if (!fits || pads_itself(node)) return std::nullopt;
  const auto bias = bias_input(file, node, weight.size(0));
  if (!bias) return std::nullopt;
  return Convolution{weight, *bias, *stride, *padding, *groups, 1};
}

// Windows that do not overlap: each pixel becomes a block by a 1x1 convolution of its own, whose
// channels are then spread over the block.
std::optional<Convolution> read_enlarging(const OnnxFile& file, const OnnxNode& node) {
  const auto stride = same_all(node, "strides", 1), padding = same_all(node, "pads", 0);
  const at::Tensor weight = weight_input(file, node, 1);  // [I,O,K,K]
  const bool fits = stride && padding == 0 && same_all(node, "group", 1) == 1 &&
                    same_all(node, "dilations", 1) == 1 && weight.defined() && weight.dim() == 4 &&
                    weight.numel() > 0 && weight.size(2) == *stride && weight.size(3) == *stride &&
                    !node.integers.contains("output_padding") &&
                    !node.integers.contains("output_shape");
  if (!fits || pads_itself(node)) return std::nullopt;
  const auto bias = bias_input(file, node, weight.size(1));
  if (!bias) return std::nullopt;
  const at::Tensor spread = weight.permute({1, 2, 3, 0}).reshape({-1, weight.size(0), 1, 1});
  return Convolution{spread, bias->repeat_interleave(*stride * *stride), 1, 0, 1, *stride};
}

// y = scale * (x - mean) / sqrt(variance + epsilon) + shift, within the convolution before it.
bool fold_normalisation(const OnnxFile& file, const OnnxNode& node, Convolution& conv) {
  const std::int64_t block = conv.enlarge * conv.enlarge;
  const std::int64_t channels = conv.weight.size(0) / block;
  at::Tensor parts[4];  // scale, shift, mean, variance
  for (std::size_t i = 0; i < 4; ++i) {
    const at::Tensor part = weight_input(file, node, i + 1);
    if (!part.defined() || part.dim() != 1 || part.size(0) != channels) return false;
    parts[i] = part.repeat_interleave(block);
  }
  const auto found = node.floats.find("epsilon");
  const double epsilon = found == node.floats.end() ? 1e-5 : double{found->second};
  const at::Tensor factor = parts[0] / (parts[3] + epsilon).sqrt();
  conv.weight = conv.weight * factor.view({-1, 1, 1, 1});
  conv.bias = (conv.bias - parts[2]) * factor + parts[1];
  return true;
}

class Translator {
 public:
  explicit Translator(const OnnxFile& file) : file_(file) {
    for (const OnnxNode& node : file.nodes) {
      for (const std::string& input : node.inputs) ++uses_[input];
    }
    for (const OnnxValue& output : file.outputs) ++uses_[output.name];
  }

  std::optional<std::vector<Step>> translate() {
    while (next_ < file_.nodes.size()) {
      if (!take()) return std::nullopt;
    }
    return std::move(steps_);
  }

 private:
  bool take() {
    const OnnxNode& node = file_.nodes[next_++];
    if (node.inputs.empty() || node.outputs.size() != 1) return false;
    if (file_.weights.contains(node.inputs[0])) return false;
    if (node.type == "Conv") return take_conv(node, read_conv(file_, node));
    if (node.type == "ConvTranspose") return take_conv(node, read_enlarging(file_, node));
    Step step;
    step.from = node.inputs[0];
    step.to = node.outputs[0];
    if (node.type == "Relu") {
      step.kind = Step::Kind::relu;
    } else if (node.type == "Sigmoid") {
      step.kind = Step::Kind::sigmoid;
    } else if (node.type == "Add" && node.inputs.size() == 2) {
      step.kind = Step::Kind::add;
      step.other = node.inputs[1];
    } else {
      return false;
    }
    const bool weights = file_.weights.contains(step.other);
    if (!weights) steps_.push_back(std::move(step));
    return !weights;
  }

  // The node that comes now, if it is of this type and the only one to use `value`.
  const OnnxNode* only_user(const std::string& value, const char* type) const {
    const auto uses_of = uses_.find(value);
    if (uses_of == uses_.end() || uses_of->second != 1) return nullptr;
    if (next_ == file_.nodes.size()) return nullptr;
    const OnnxNode& node = file_.nodes[next_];
    const bool uses = std::find(node.inputs.begin(), node.inputs.end(), value) != node.inputs.end();
    return node.type == type && uses && node.outputs.size() == 1 ? &node : nullptr;
  }

  bool take_conv(const OnnxNode& node, std::optional<Convolution> conv) {
    if (!conv) return false;
    Step step;
    step.from = node.inputs[0];
    step.to = node.outputs[0];
    if (const OnnxNode* norm = only_user(step.to, "BatchNormalization")) {
      if (!fold_normalisation(file_, *norm, *conv)) return false;
      step.to = norm->outputs[0];
      ++next_;
    }
    const OnnxNode* sum = conv->enlarge == 1 ? only_user(step.to, "Add") : nullptr;
    if (sum != nullptr && sum->inputs.size() == 2) {
      step.other = sum->inputs[sum->inputs[0] == step.to ? 1 : 0];
      if (file_.weights.contains(step.other)) return false;
      step.to = sum->outputs[0];
      ++next_;
    }
    const OnnxNode* relu = only_user(step.to, "Relu");
    if (relu != nullptr) {
      step.to = relu->outputs[0];
      ++next_;
    }
    step.weight = conv->weight.sizes().vec();
    step.stride = conv->stride;
    step.padding = conv->padding;
    step.groups = conv->groups;
    step.enlarge = conv->enlarge;
    step.conv.emplace(nn::ConvStep{.from = 0,
                                   .to = 0,
                                   .weight = conv->weight,
                                   .bias = conv->bias,
                                   .stride = conv->stride,
                                   .padding = conv->padding,
                                   .groups = conv->groups,
                                   .relu = relu != nullptr,
                                   .add = nn::kNoValue},
                      at::kCPU, NetUse::operators);
    steps_.push_back(std::move(step));
    return true;
  }

  const OnnxFile& file_;
  Counts uses_;  // of each value, by nodes and as an output
  std::size_t next_ = 0;
  std::vector<Step> steps_;
};

// Of one value; CenterFace at 2048 pixels a side has 101 million. Weights' dims, checked against the
// file's size, and the square's side are too small for the product to overflow.
constexpr std::int64_t kMostNumbers = std::int64_t{1} << 27;

[[noreturn]] void fail_sizes(const Step& step) {
  throw Error("the sizes of the values that make " + quote(step.to) + " do not fit each other");
}

// What conv makes of x. oneDNN does not look whether sizes fit.
std::vector<std::int64_t> size_of(const Step& step, const at::Tensor& x) {
  std::vector<std::int64_t> size{x.size(0), step.weight[0]};
  for (const std::int64_t dim : {2, 3}) {
    const std::int64_t room =
        x.size(dim) + 2 * step.padding - step.weight[static_cast<std::size_t>(dim)];
    if (room < 0) fail_sizes(step);
    size.push_back(room / step.stride + 1);
  }
  return size;
}

at::Tensor run_conv(const Step& step, const at::Tensor& x, const at::Tensor& other) {
  if (x.dim() != 4 || x.size(1) != step.weight[1] * step.groups) fail_sizes(step);
  const std::vector<std::int64_t> size = size_of(step, x);
  if (size[1] * size[2] * size[3] > kMostNumbers) {
    throw Error("the value " + quote(step.to) + " is larger than any detector's");
  }
  if (other.defined()) {
    if (other.sizes() != at::IntArrayRef(size)) fail_sizes(step);
    return step.conv->run_onto(x, other, /*may_overwrite=*/false);
  }
  const at::Tensor y = step.conv->run(x);
  return step.enlarge == 1 ? y : at::pixel_shuffle(y, step.enlarge);
}

at::Tensor run_step(const Step& step, const at::Tensor& x, const at::Tensor& other) {
  switch (step.kind) {
    case Step::Kind::conv:
      return run_conv(step, x, other);
    case Step::Kind::add:
      if (x.sizes() != other.sizes()) fail_sizes(step);
      return x + other;
    case Step::Kind::relu:
      return x.relu();
    case Step::Kind::sigmoid:
      return x.sigmoid();
  }
  throw Error("a step of an unknown kind");
}

// Which values each step is the last to need; outputs of the network are needed for ever.
void note_last_uses(const OnnxFile& file, std::vector<Step>& steps) {
  std::set<std::string> needed;
  for (const OnnxValue& output : file.outputs) needed.insert(output.name);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    for (const std::string& value : {step->from, step->other}) {
      if (!value.empty() && needed.insert(value).second) step->done.push_back(value);
    }
  }
}

OnnxTensor to_host(const at::Tensor& value) {
  const at::Tensor dense = value.contiguous();
  const auto* data = dense.const_data_ptr<float>();
  return {dense.sizes().vec(), {data, data + dense.numel()}};
}

}  // namespace

struct OnnxNet::Parts {
  std::string input;
  std::vector<Step> steps;

  std::vector<OnnxTensor> run(const PixelView& image, std::span<const std::string> outputs) const;
};

std::unique_ptr<OnnxNet> OnnxNet::make(const OnnxFile& file) {
  if (file.inputs.size() != 1) return nullptr;
  const c10::InferenceMode inference;
  auto steps = Translator(file).translate();
  if (!steps) return nullptr;
  note_last_uses(file, *steps);
  auto parts = std::make_unique<Parts>();
  parts->input = file.inputs[0].name;
  parts->steps = std::move(*steps);
  return std::unique_ptr<OnnxNet>(new OnnxNet(std::move(parts)));
}

OnnxNet::OnnxNet(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
OnnxNet::~OnnxNet() = default;

std::vector<OnnxTensor> OnnxNet::run(const PixelView& image,
                                     std::span<const std::string> outputs) const {
  try {
    return parts_->run(image, outputs);
  } catch (const c10::Error& error) {  // no memory
    throw Error(error.what_without_backtrace());
  }
}

std::vector<OnnxTensor> OnnxNet::Parts::run(const PixelView& image,
                                            std::span<const std::string> outputs) const {
  const c10::InferenceMode inference;
  // Interleaved pixels are channels_last as they lie.
  const at::Tensor pixels =
      at::from_blob(const_cast<std::uint8_t*>(image.data),
                    {1, image.height, image.width, image.channels}, at::kByte);
  std::map<std::string, at::Tensor> values{{input, pixels.to(at::kFloat).permute({0, 3, 1, 2})}};
  for (const Step& step : steps) {
    const at::Tensor other = step.other.empty() ? at::Tensor() : values.at(step.other);
    values[step.to] = run_step(step, values.at(step.from), other);
    for (const std::string& value : step.done) values.erase(value);
  }
  std::vector<OnnxTensor> results;
  for (const std::string& output : outputs) {
    const auto found = values.find(output);
    if (found == values.end()) throw Error("it has no output " + quote(output));
    results.push_back(to_host(found->second));
  }
  return results;
}

}  // namespace fer::infer
