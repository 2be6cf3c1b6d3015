// A network as a list of layers with plain arrays. Model files and ONNX files become such a graph,
// and runtime/ executes it. It needs no tensor library. Batch normalisations are folded into the
// convolutions before them, and dropout is left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace fer::graph {

// A value in the network: the input, or the result of a node.
using ValueId = std::size_t;
inline constexpr ValueId kInput = 0;
inline constexpr ValueId kNone = static_cast<ValueId>(-1);

// The shape of one image's values. A vector is a map of one pixel.
struct Shape {
  std::int64_t channels = 0, height = 0, width = 0;

  std::int64_t count() const { return channels * height * width; }
  bool operator==(const Shape&) const = default;
};

// relu6: relu, at most 6. hard_sigmoid: relu6(x + 3) / 6. hard_swish: x * hard_sigmoid(x). swish:
// x * sigmoid(x).
enum class Activation { none, relu, sigmoid, relu6, hard_sigmoid, hard_swish, swish };

// activation(conv(from) + bias + add), padded with zeros; `add` may be kNone, otherwise it has the
// shape of the result.
struct Conv {
  ValueId from = kInput, add = kNone;
  std::int64_t outputs = 0, kernel_height = 1, kernel_width = 1;
  std::int64_t stride = 1, padding = 0;
  std::int64_t groups = 1;     // 1, or the number of channels of input and result (depthwise)
  std::vector<float> weights;  // [outputs, inputs / groups, kernel_height, kernel_width]
  std::vector<float> bias;     // [outputs]
  Activation activation = Activation::none;
  std::string name = {};  // in its model file; empty: none
  // Above 0: `from` may be read as whole numbers from 0 to 255 times this scale
  // (graph/eight_bit.h). No effect on a depthwise convolution.
  float input_scale = 0.0F;
};

// A dense layer over all numbers of `from`, in the order channel, row, column.
struct Linear {
  ValueId from = kInput;
  std::int64_t outputs = 0;
  std::vector<float> weights;  // [outputs, channels, height, width]
  std::vector<float> bias;     // [outputs]
  Activation activation = Activation::none;
  std::string name = {};     // as a convolution's
  float input_scale = 0.0F;  // as a convolution's
};

// Windows that cross the border pool only the pixels inside.
enum class PoolKind { max, average };
struct Pool {
  ValueId from = kInput;
  PoolKind kind = PoolKind::max;
  std::int64_t kernel = 2, stride = 2, padding = 0;
  bool ceil = false;  // also counts a last window with too few pixels
  // The number of windows; 0: as many as fit. More are possible in a file that pads one end of a
  // map more than the other.
  std::int64_t rows = 0, cols = 0;
};

// The mean of all pixels, a vector.
struct Mean {
  ValueId from = kInput;
};

// activation(from * scale + shift), with numbers for each channel.
struct Affine {
  ValueId from = kInput;
  std::vector<float> scale, shift;
  Activation activation = Activation::none;
};

// activation(from * opens(gate) + add); gate is a vector, `add` may be kNone.
struct Gate {
  ValueId from = kInput, gate = kInput, add = kNone;
  Activation activation = Activation::none;
  Activation opens = Activation::sigmoid;
};

// activation(from + other), or activation(from) without other.
struct Add {
  ValueId from = kInput, other = kNone;
  Activation activation = Activation::none;
};

// The channels of all parts in their order; the parts are maps of equal size.
struct Concat {
  std::vector<ValueId> parts;
};

// Multiplies negative numbers by a slope for each channel.
struct PRelu {
  ValueId from = kInput;
  std::vector<float> slopes;
};

// Each pixel becomes a block of factor x factor equal pixels.
struct Upsample {
  ValueId from = kInput;
  std::int64_t factor = 2;
};

// Resizes a map; each pixel of the result is a pixel of the input (nearest) or interpolated between
// four (linear), see graph/resize.h. The names are those of ONNX's operator.
enum class ResizeKind { nearest, linear };
enum class ResizePlace { half_pixel, pytorch_half_pixel, align_corners, asymmetric };
enum class ResizeRounding { round_prefer_floor, round_prefer_ceil, floor, ceil };
struct Resize {
  ValueId from = kInput;
  std::int64_t rows = 1, cols = 1;  // of the result
  ResizeKind kind = ResizeKind::linear;
  ResizePlace place = ResizePlace::half_pixel;
  ResizeRounding rounding = ResizeRounding::round_prefer_floor;  // of nearest
  // The scale of each side, if it is not the ratio of the sizes; 0: that ratio.
  float row_scale = 0.0F, col_scale = 0.0F;
};

// Multiplies two maps element by element; the other one has the same shape or a single channel.
struct Multiply {
  ValueId from = kInput, other = kInput;
};

// Each pixel becomes a block of `block` x `block` pixels, with fewer channels: its channel
// (row * block + column) * channels + c becomes channel c of the block's pixel (row, column).
struct PixelShuffle {
  ValueId from = kInput;
  std::int64_t block = 2;
};

using Node = std::variant<Conv, Linear, Pool, Mean, Affine, Gate, Add, Concat, PRelu, Upsample,
                          PixelShuffle, Resize, Multiply>;

// Node i makes value i + 1 from values with lower numbers.
struct Graph {
  std::int64_t channels = 1;  // of the input
  std::vector<Node> nodes;
  std::vector<ValueId> outputs;  // of the whole network

  std::size_t value_count() const { return nodes.size() + 1; }
  // Adds a node and returns its value.
  ValueId add(Node node);
};

// The values that a node reads.
std::vector<ValueId> inputs_of(const Node& node);

// The largest size of one value of one image; CenterFace at 2048 pixels a side has 101 million
// numbers.
inline constexpr std::int64_t kMostNumbers = std::int64_t{1} << 27;

// The shape of every value for an input of this size. Finds every inconsistency of a graph,
// wherever it came from. @throws fer::Error that names the node that reads a later value, has
// arrays of another length than its sizes, reads maps that do not fit each other, has a window that
// is larger than its map, or makes a value that is larger than kMostNumbers.
std::vector<Shape> shapes_of(const Graph& graph, std::int64_t height, std::int64_t width);

// shapes_of() step by step, for code that makes a graph: the shape of the input, and of the value
// of `node` after values of the shapes `before`.
Shape input_shape(std::int64_t channels, std::int64_t height, std::int64_t width);
Shape shape_of(const Node& node, const std::vector<Shape>& before);

}  // namespace fer::graph
