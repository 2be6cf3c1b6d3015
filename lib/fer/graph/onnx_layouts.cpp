// Operators on whole maps: pooling, sizes, and the layout of values.
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "fer/graph/onnx_translator.h"

namespace fer::graph {

namespace {

using Dims = std::vector<std::int64_t>;

constexpr std::size_t kMostDims = 8;

// The size of a value with these dims. @throws fer::Error above kMostNumbers.
std::int64_t count_of(const OnnxTranslator& t, const Dims& dims) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 0 || dim > kMostNumbers) t.fail("has an impossible shape");
    count *= dim;
    if (count > kMostNumbers) t.fail("has an impossible shape");
  }
  return count;
}

// The number of windows along one side by the file's attributes; with `ceil` a last window that
// starts inside, or on the padding before, counts even if it is not full.
std::int64_t windows_along(std::int64_t side, std::int64_t before, std::int64_t after,
                           const Pool& pool, bool ceil) {
  const std::int64_t room = side + before + after - pool.kernel;
  if (room < 0) return 0;
  const std::int64_t count = (room + (ceil ? pool.stride - 1 : 0)) / pool.stride + 1;
  return ceil && (count - 1) * pool.stride >= side + before ? count - 1 : count;
}

// Whether a window is not larger than a map with the same padding on all sides.
bool fits_padding(const Pool& pool, const Shape& shape) {
  return pool.kernel <= std::min(shape.height, shape.width) + 2 * pool.padding;
}

// For a mean that counts the zeros around the map: adds them to the map as pixels.
void pad_first(OnnxTranslator& t, OnnxView& from, OnnxWindow& window, bool ceil) {
  if (ceil) t.fail("has a mean that counts its pads, and windows that are not full");
  from = padded(t, from, std::exchange(window.pads, {}));
}

void translate_pool(OnnxTranslator& t, PoolKind kind) {
  OnnxView from = t.map(0);
  const Dims kernel = integers_of(t.node(), "kernel_shape", {});
  const auto is_side = [](std::int64_t side) { return side >= 1 && side <= 1024; };
  if (kernel.size() != 2 || !is_side(kernel[0]) || !is_side(kernel[1])) {
    t.fail("has windows of an impossible size");
  }
  const Shape shape = t.shape(from);
  OnnxWindow window = window_of(t, shape, kernel[0], kernel[1]);
  const bool whole = kernel[0] == shape.height && kernel[1] == shape.width;
  if (kind == PoolKind::average && whole && window.pads == OnnxPads{} && window.dilation == 1) {
    return t.make(Mean{from.id});
  }
  const bool ceil = integer_of(t.node(), "ceil_mode", 0) != 0;
  if (kernel[0] != kernel[1]) t.fail("has windows that are no squares");
  if (kind == PoolKind::average && window.pads != OnnxPads{} &&
      integer_of(t.node(), "count_include_pad", 0) != 0) {
    pad_first(t, from, window, ceil);
  }
  const OnnxPads& pads = window.pads;
  if (window.dilation != 1 || pads.top != pads.left) {
    t.fail("has dilations, or not as many pads above as to the left");
  }
  Pool pool{from.id, kind, kernel[0], window.stride, pads.top, ceil};
  // Pads below and to the right only affect the number of windows.
  const Shape inside = t.shape(from);
  const Shape wanted{inside.channels,
                     windows_along(inside.height, pads.top, pads.bottom, pool, ceil),
                     windows_along(inside.width, pads.left, pads.right, pool, ceil)};
  if (wanted.height < 1 || wanted.width < 1) t.fail("has windows that are larger than its map");
  for (const bool rounds_up : {ceil, !ceil}) {
    pool.ceil = rounds_up;
    if (fits_padding(pool, inside) && t.shape_after(pool) == wanted) return t.make(pool);
  }
  pool.ceil = false;
  pool.rows = wanted.height;
  pool.cols = wanted.width;
  t.make(pool);
}

// The dims that the node gives to `count` numbers of the dims `from`.
Dims reshaped(const OnnxTranslator& t, const Dims& from, std::int64_t count) {
  Dims dims = integers_or_input(t, "shape", 1);
  if (dims.size() > kMostDims) t.fail("has an impossible shape");
  std::int64_t* open = nullptr;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 0 && i < from.size()) dims[i] = from[i];
    if (dims[i] != -1) continue;
    if (open != nullptr) t.fail("leaves two sizes of its shape open");
    open = &dims[i];
    dims[i] = 1;
  }
  const std::int64_t others = count_of(t, dims);
  if (open != nullptr && others > 0) *open = count / others;
  return dims;
}

// Reshapes weights, as files of CNTK do.
void reshape_constant(OnnxTranslator& t, const OnnxTensor& constant) {
  const auto count =
      static_cast<std::int64_t>(std::max(constant.values.size(), constant.integers.size()));
  Dims dims = reshaped(t, constant.dims, count);
  if (count_of(t, dims) != count) t.fail("makes a shape that does not hold its numbers");
  t.set(OnnxTensor{std::move(dims), constant.values, constant.integers});
}

// Transposes a matrix of weights.
void transpose_constant(OnnxTranslator& t, const OnnxTensor& constant, const Dims& order) {
  const bool turns = constant.dims.size() == 2 && !constant.values.empty() &&
                     (order.empty() || order == Dims{1, 0});
  if (!turns) t.fail("transposes a constant that is no matrix of float32");
  const std::int64_t rows = constant.dims[0], cols = constant.dims[1];
  OnnxTensor turned{{cols, rows}, {}, {}};
  for (std::int64_t i = 0; i < rows * cols; ++i) {
    turned.values.push_back(constant.values[static_cast<std::size_t>(i % rows * cols + i / rows)]);
  }
  t.set(std::move(turned));
}

void end_in_softmax(OnnxTranslator& t, bool log) {
  OnnxView view = t.view(0);
  const auto rank = static_cast<std::int64_t>(view.dims.size());
  // The default axis is another one before version 13; for vectors it is the same.
  std::int64_t axis = integer_of(t.node(), "axis", rank == 2 ? -1 : rank);
  if (axis < 0) axis += rank;
  const Shape& shape = t.shape(view);
  const auto channels = t.channel_axis(view);
  if (shape.height * shape.width != 1 || !channels || axis != std::int64_t(*channels)) {
    t.fail("is not over the classes of a vector");
  }
  view.softmax = true;
  view.log = log;
  t.set(0, std::move(view));
}

}  // namespace

void translate_max_pool(OnnxTranslator& t) { translate_pool(t, PoolKind::max); }

void translate_average_pool(OnnxTranslator& t) { translate_pool(t, PoolKind::average); }

void translate_global_average_pool(OnnxTranslator& t) { t.make(Mean{t.map(0).id}); }

void translate_reduce_mean(OnnxTranslator& t) {
  const OnnxView& from = t.view(0);
  const auto axis = t.channel_axis(from);
  const Dims pixels = axis == 3 ? Dims{1, 2} : Dims{2, 3};
  if (!axis || from.dims.size() != 4 || axes_of(t, from.dims.size()) != pixels) {
    t.fail("is not the mean of all pixels");
  }
  const std::int64_t channels = t.shape(from).channels;
  Dims dims{1, channels};
  if (integer_of(t.node(), "keepdims", 1) != 0) {
    dims = axis == 3 ? Dims{1, 1, 1, channels} : Dims{1, channels, 1, 1};
  }
  t.make(Mean{from.id}, dims, axis == 3);
}

void translate_depth_to_space(OnnxTranslator& t) {
  if (text_of(t.node(), "mode", "DCR") != "DCR") t.fail("has another order of channels than DCR");
  t.make(PixelShuffle{t.map(0).id, integer_of(t.node(), "blocksize", 0)});
}

void translate_identity(OnnxTranslator& t) {
  if (const OnnxTensor* constant = t.constant(0)) return t.set(*constant);
  t.set(0, t.view(0));
}

void translate_dropout(OnnxTranslator& t) {
  const OnnxTensor* training = t.constant(2);
  if (t.has_input(2) && (training == nullptr || training->integers != Dims{0})) {
    t.fail("leaves numbers out at random (training_mode)");
  }
  t.set(0, t.view(0));
}

void translate_flatten(OnnxTranslator& t) {
  std::int64_t axis = integer_of(t.node(), "axis", 1);
  if (axis < 0) axis += static_cast<std::int64_t>(t.view(0).dims.size());
  if (axis != 1) t.fail("flattens from another dimension than the second");
  set_dims(t, {1, t.shape(t.view(0)).count()});
}

void translate_reshape(OnnxTranslator& t) {
  if (const OnnxTensor* constant = t.constant(0)) return reshape_constant(t, *constant);
  const OnnxView& from = t.view(0);
  set_dims(t, reshaped(t, from.dims, t.shape(from).count()));
}

void translate_squeeze(OnnxTranslator& t) {
  if (const OnnxTensor* constant = t.constant(0)) return t.set(*constant);  // of one number
  const OnnxView& from = t.view(0);
  const Dims axes = axes_of(t, from.dims.size());
  if (axes.empty()) t.fail("names no axes");
  Dims dims;
  for (std::size_t i = 0; i < from.dims.size(); ++i) {
    const bool goes = std::binary_search(axes.begin(), axes.end(), static_cast<std::int64_t>(i));
    if (!goes) dims.push_back(from.dims[i]);
  }
  set_dims(t, std::move(dims));
}

void translate_transpose(OnnxTranslator& t) {
  const Dims order = integers_of(t.node(), "perm", {});
  if (const OnnxTensor* constant = t.constant(0)) return transpose_constant(t, *constant, order);
  OnnxView view = t.view(0);
  const auto& [channels, height, width] = t.shape(view);
  const auto axis = t.channel_axis(view);
  if (view.dims.size() == 4 && axis == 1 && order == Dims{0, 2, 3, 1}) {
    view.dims = {1, height, width, channels};
    view.channels_last = true;
  } else if (view.dims.size() == 4 && axis == 3 && order == Dims{0, 3, 1, 2}) {
    view.dims = {1, channels, height, width};
    view.channels_last = false;
  } else {
    t.fail("moves other dimensions than the channels'");
  }
  t.set(0, std::move(view));
}

void translate_concat(OnnxTranslator& t) {
  if (t.constant(0) != nullptr) return join_constants(t);
  Concat concat;
  OnnxView all = t.view(0);
  const auto axis = t.channel_axis(all);
  std::int64_t wanted = integer_of(t.node(), "axis", 0);
  if (wanted < 0) wanted += static_cast<std::int64_t>(all.dims.size());
  std::int64_t channels = 0;
  for (std::size_t i = 0; i < t.node().inputs.size(); ++i) {
    const OnnxView& part = t.view(i);
    const bool fits = axis && t.channel_axis(part) == axis && part.dims.size() == all.dims.size() &&
                      wanted == std::int64_t(*axis);
    if (!fits) t.fail("joins something else than channels");
    concat.parts.push_back(part.id);
    channels += t.shape(part).channels;
  }
  all.dims[*axis] = channels;
  t.make(std::move(concat), all.dims, *axis == 3);
}

void translate_pad(OnnxTranslator& t) {
  OnnxView view = t.view(0);
  const auto axis = t.channel_axis(view);
  const Dims pads = integers_or_input(t, "pads", 1);
  const OnnxTensor* value = t.constant(2);
  const bool zeros =
      text_of(t.node(), "mode", "constant") == "constant" &&
      float_of(t.node(), "value", 0.0) == 0.0 && !t.has_input(3) &&
      (!t.has_input(2) || (value != nullptr && value->values == std::vector<float>{0.0F}));
  const auto is_padding = [](std::int64_t pad) { return pad >= 0 && pad <= 64; };
  const bool is_map = view.dims.size() == 4 && axis && pads.size() == 8;
  const std::size_t y = axis == 3 ? 1 : 2, channels = is_map ? *axis : 0;
  if (!zeros || !is_map || !std::all_of(pads.begin(), pads.end(), is_padding) ||
      pads[0] + pads[4] + pads[channels] + pads[channels + 4] != 0) {
    t.fail("adds something else than up to 64 zeros at each side of a map");
  }
  const OnnxPads all{pads[y], pads[y + 1], pads[y + 4], pads[y + 5]};
  if (axis == 1 && t.feeds_convolutions()) {
    view.pads = all;
    return t.set(0, std::move(view));
  }
  OnnxView result = padded(t, view, all);
  if (axis == 3) {
    const Shape& to = t.shape(result);
    result.dims = {1, to.height, to.width, to.channels};
    result.channels_last = true;
  }
  t.set(std::move(result));
}

void translate_softmax(OnnxTranslator& t) { end_in_softmax(t, /*log=*/false); }

void translate_log_softmax(OnnxTranslator& t) { end_in_softmax(t, /*log=*/true); }

std::vector<std::int64_t> integers_or_input(const OnnxTranslator& t, const char* name,
                                            std::size_t number) {
  if (!t.has_input(number)) return integers_of(t.node(), name, {});
  const OnnxTensor* tensor = t.constant(number);
  if (tensor == nullptr) t.fail("has " + std::string(name) + " that are not in the file");
  return tensor->integers;
}

std::vector<std::int64_t> axes_of(const OnnxTranslator& t, std::size_t rank) {
  Dims axes = integers_or_input(t, "axes", 1);
  const auto count = static_cast<std::int64_t>(rank);
  for (std::int64_t& axis : axes) {
    if (axis < 0) axis += count;
    if (axis < 0 || axis >= count) t.fail("has axes that there are not");
  }
  std::sort(axes.begin(), axes.end());
  return axes;
}

void set_dims(OnnxTranslator& t, std::vector<std::int64_t> dims) {
  OnnxView view = t.view(0);
  if (dims.empty() || dims.size() > kMostDims || dims[0] != 1 ||
      count_of(t, dims) != t.shape(view).count()) {
    t.fail("makes a shape that does not hold one image's numbers");
  }
  view.dims = std::move(dims);
  t.set(0, std::move(view));
}

}  // namespace fer::graph
