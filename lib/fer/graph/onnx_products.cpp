// Convolutions and dense layers.
#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fer/graph/onnx_translator.h"

namespace fer::graph {

namespace {

using Dims = std::vector<std::int64_t>;

// An input's constant floats of that rank. @throws fer::Error if it is something else.
const OnnxTensor& weights_of(const OnnxTranslator& t, std::size_t number, std::size_t rank) {
  const OnnxTensor* tensor = t.constant(number);
  if (tensor == nullptr || tensor->values.empty() || tensor->dims.size() != rank) {
    t.fail("has no weights of float32 with " + std::to_string(rank) + " dimensions in the file");
  }
  return *tensor;
}

// The weights of a convolution, whose window may also be an attribute.
const OnnxTensor& kernels_of(const OnnxTranslator& t) {
  const OnnxTensor& weights = weights_of(t, 1, 4);
  const Dims window{weights.dims[2], weights.dims[3]};
  if (integers_of(t.node(), "kernel_shape", window) != window) {
    t.fail("has weights of another size than its kernel_shape");
  }
  return weights;
}

// The bias, or zeros.
std::vector<float> bias_of(const OnnxTranslator& t, std::size_t number, std::int64_t outputs) {
  const auto count = static_cast<std::size_t>(outputs);
  if (!t.has_input(number)) return std::vector<float>(count, 0.0F);
  const OnnxTensor* bias = t.constant(number);
  if (bias == nullptr || bias->values.size() != count) {
    t.fail("has no bias of float32 for each output in the file");
  }
  return bias->values;
}

// The value of all numbers in the list, if they are equal.
std::optional<std::int64_t> common(const Dims& numbers) {
  const bool same = !numbers.empty() && std::all_of(numbers.begin(), numbers.end(),
                                                    [&](auto x) { return x == numbers[0]; });
  return same ? std::optional(numbers[0]) : std::nullopt;
}

// The pads of one side for which the result has the size of the input divided by the stride.
std::pair<std::int64_t, std::int64_t> same_pads(std::int64_t side, std::int64_t kernel,
                                                std::int64_t stride, bool more_before) {
  const std::int64_t count = (side + stride - 1) / stride;
  const std::int64_t all = std::max<std::int64_t>((count - 1) * stride + kernel - side, 0);
  return more_before ? std::pair(all - all / 2, all / 2) : std::pair(all / 2, all - all / 2);
}

// A convolution with the file's windows enlarged by rows and columns of zeros, so that it has no
// dilation and the same padding on all sides, as a graph's convolution must.
Conv widened(const OnnxTranslator& t, const OnnxTensor& weights, const OnnxWindow& window) {
  const OnnxPads& pads = window.pads;
  const std::int64_t padding = std::max({pads.top, pads.left, pads.bottom, pads.right});
  const std::int64_t rows = weights.dims[2], cols = weights.dims[3];
  Conv conv;
  conv.outputs = weights.dims[0];
  conv.kernel_height = (rows - 1) * window.dilation + 1 + 2 * padding - pads.top - pads.bottom;
  conv.kernel_width = (cols - 1) * window.dilation + 1 + 2 * padding - pads.left - pads.right;
  conv.stride = window.stride;
  conv.padding = padding;
  const std::int64_t kernels = weights.dims[0] * weights.dims[1];
  const std::int64_t count = kernels * conv.kernel_height * conv.kernel_width;
  t.require_room(count);
  conv.weights.assign(static_cast<std::size_t>(count), 0.0F);
  for (std::int64_t i = 0; i < kernels * rows * cols; ++i) {
    const std::int64_t y = padding - pads.top + i / cols % rows * window.dilation;
    const std::int64_t x = padding - pads.left + i % cols * window.dilation;
    const std::int64_t row = i / (rows * cols) * conv.kernel_height + y;
    conv.weights[static_cast<std::size_t>(row * conv.kernel_width + x)] =
        weights.values[static_cast<std::size_t>(i)];
  }
  return conv;
}

// Turns a grouped convolution into one over all channels, with zeros as weights between groups.
void ungroup(const OnnxTranslator& t, Conv& conv, std::int64_t groups, std::int64_t inputs) {
  const std::int64_t taps = conv.kernel_height * conv.kernel_width;
  const std::int64_t own = inputs / groups * taps;  // weights of an output
  t.require_room(conv.outputs * inputs * taps);
  std::vector<float> dense(static_cast<std::size_t>(conv.outputs * inputs * taps), 0.0F);
  for (std::int64_t o = 0; o < conv.outputs; ++o) {
    const std::int64_t group = o / (conv.outputs / groups);
    std::copy_n(conv.weights.begin() + o * own, own,
                dense.begin() + o * inputs * taps + group * own);
  }
  conv.weights = std::move(dense);
}

// Makes a dense layer; weights [inputs, outputs] or [outputs, inputs], with the inputs in the
// file's order.
void make_linear(OnnxTranslator& t, const OnnxTensor& weights, bool outputs_first, double alpha,
                 const std::vector<float>& bias) {
  const OnnxView from = t.view(0);
  const auto& [channels, height, width] = t.shape(from);
  const std::int64_t inputs = channels * height * width, pixels = height * width;
  const std::int64_t outputs = weights.dims[outputs_first ? 0 : 1];
  if (from.dims != Dims{1, inputs} || weights.dims[outputs_first ? 1 : 0] != inputs) {
    t.fail("multiplies a value with weights for another number of inputs");
  }
  Linear linear{.from = from.id, .outputs = outputs, .weights = {}, .bias = bias};
  t.require_room(outputs * inputs);
  linear.weights.reserve(weights.values.size());
  for (std::int64_t o = 0; o < outputs; ++o) {
    for (std::int64_t i = 0; i < inputs; ++i) {  // in the graph's order
      const std::int64_t theirs = from.channels_last ? i % pixels * channels + i / pixels : i;
      const std::int64_t at = outputs_first ? o * inputs + theirs : theirs * outputs + o;
      const double weight = weights.values[static_cast<std::size_t>(at)];
      linear.weights.push_back(static_cast<float>(weight * alpha));
    }
  }
  t.make(std::move(linear), {1, outputs}, false);
}

}  // namespace

OnnxWindow window_of(const OnnxTranslator& t, const Shape& from, std::int64_t kernel_height,
                     std::int64_t kernel_width) {
  const OnnxNode& node = t.node();
  const auto stride = common(integers_of(node, "strides", {1}));
  const auto dilation = common(integers_of(node, "dilations", {1}));
  const Dims pads = integers_of(node, "pads", {0, 0, 0, 0});
  const auto is_padding = [](std::int64_t pad) { return pad >= 0 && pad <= 64; };
  if (!stride || !dilation || *stride < 1 || *stride > 64 || *dilation < 1 || *dilation > 64 ||
      pads.size() != 4 || !std::all_of(pads.begin(), pads.end(), is_padding)) {
    t.fail("has strides, dilations or pads that are not supported");
  }
  OnnxWindow window{*stride, *dilation, {pads[0], pads[1], pads[2], pads[3]}};
  const std::string rule = text_of(node, "auto_pad", "NOTSET");
  if (rule == "SAME_UPPER" || rule == "SAME_LOWER") {
    const bool lower = rule == "SAME_LOWER";
    OnnxPads& same = window.pads;
    std::tie(same.top, same.bottom) =
        same_pads(from.height, (kernel_height - 1) * *dilation + 1, *stride, lower);
    std::tie(same.left, same.right) =
        same_pads(from.width, (kernel_width - 1) * *dilation + 1, *stride, lower);
  } else if (rule == "VALID") {
    window.pads = {};
  } else if (rule != "NOTSET" && !rule.empty()) {
    t.fail("has an auto_pad that is not supported");
  }
  return window;
}

// By a depthwise convolution with a window of the single weight 1.
OnnxView padded(OnnxTranslator& t, const OnnxView& from, const OnnxPads& pads) {
  const std::int64_t channels = t.shape(from).channels;
  const auto count = static_cast<std::size_t>(channels);
  const OnnxTensor ones{{channels, 1, 1, 1}, std::vector<float>(count, 1.0F), {}};
  Conv conv = widened(t, ones, {.pads = pads});
  conv.from = from.id;
  conv.groups = channels;
  conv.bias.assign(count, 0.0F);
  OnnxView view{.id = t.add(std::move(conv))};
  const Shape& to = t.shape(view);
  view.dims = {1, to.channels, to.height, to.width};
  return view;
}

void translate_conv(OnnxTranslator& t) {
  const OnnxView& from = t.map(0);
  const OnnxTensor& weights = kernels_of(t);
  const std::int64_t inputs = t.shape(from).channels, outputs = weights.dims[0];
  const std::int64_t groups = integer_of(t.node(), "group", 1);
  if (groups < 1 || inputs % groups != 0 || outputs % groups != 0 ||
      weights.dims[1] != inputs / groups) {
    t.fail("has weights for another number of channels");
  }
  const OnnxPads& own = from.pads;
  const Shape seen{inputs, t.shape(from).height + own.top + own.bottom,
                   t.shape(from).width + own.left + own.right};
  OnnxWindow window = window_of(t, seen, weights.dims[2], weights.dims[3]);
  window.pads = {window.pads.top + own.top, window.pads.left + own.left,
                 window.pads.bottom + own.bottom, window.pads.right + own.right};
  Conv conv = widened(t, weights, window);
  conv.from = from.id;
  conv.bias = bias_of(t, 2, outputs);
  if (groups == inputs && groups == outputs) {
    conv.groups = groups;
  } else if (groups > 1) {
    ungroup(t, conv, groups, inputs);
  }
  t.make(std::move(conv));
}

// Only for windows that do not overlap: a 1x1 convolution computes a block for each pixel in its
// channels, which are then spread over the block.
void translate_conv_transpose(OnnxTranslator& t) {
  const OnnxView& from = t.map(0);
  const OnnxTensor& weights = kernels_of(t);  // [inputs, outputs, block, block]
  const std::int64_t inputs = weights.dims[0], outputs = weights.dims[1], block = weights.dims[2];
  const OnnxWindow window = window_of(t, t.shape(from), block, block);
  const bool spreads = window.stride == block && weights.dims[3] == block &&
                       window.pads == OnnxPads{} && window.dilation == 1 &&
                       integer_of(t.node(), "group", 1) == 1 &&
                       common(integers_of(t.node(), "output_padding", {0})) == 0 &&
                       integers_of(t.node(), "output_shape", {}).empty();
  if (!spreads) t.fail("has windows that overlap, or pads");
  if (inputs != t.shape(from).channels) t.fail("has weights for another number of channels");
  const std::int64_t pixels = block * block;
  Conv conv;
  conv.from = from.id;
  conv.outputs = outputs * pixels;
  const std::vector<float> bias = bias_of(t, 2, outputs);
  for (std::int64_t o = 0; o < conv.outputs; ++o) {
    conv.bias.push_back(bias[static_cast<std::size_t>(o % outputs)]);
    for (std::int64_t i = 0; i < inputs; ++i) {
      const std::int64_t at = (i * outputs + o % outputs) * pixels + o / outputs;
      conv.weights.push_back(weights.values[static_cast<std::size_t>(at)]);
    }
  }
  t.make(PixelShuffle{t.add(std::move(conv)), block});
}

void translate_gemm(OnnxTranslator& t) {
  const OnnxNode& node = t.node();
  if (integer_of(node, "transA", 0) != 0) t.fail("transposes its first input");
  const bool outputs_first = integer_of(node, "transB", 0) != 0;
  const OnnxTensor& weights = weights_of(t, 1, 2);
  std::vector<float> bias = bias_of(t, 2, weights.dims[outputs_first ? 0 : 1]);
  const double beta = float_of(node, "beta", 1.0);
  for (float& number : bias) number = static_cast<float>(double{number} * beta);
  make_linear(t, weights, outputs_first, float_of(node, "alpha", 1.0), bias);
}

void translate_matmul(OnnxTranslator& t) {
  const OnnxTensor& weights = weights_of(t, 1, 2);
  make_linear(t, weights, /*outputs_first=*/false, 1.0, bias_of(t, 2, weights.dims[1]));
}

}  // namespace fer::graph
