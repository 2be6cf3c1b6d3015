// A network as a list of layers with plain arrays: what a model file or an ONNX file becomes, and
// what runtime/ executes. It knows no tensor library. Batch normalisations are folded into the
// convolutions before them, and dropout is left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace fer::graph {

// A value on its way through the network: the input, or the result of a node.
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

// activation(conv(from) + bias + add), `add` of the result's shape where there is one. Zeros lie
// beyond the border.
struct Conv {
  ValueId from = kInput, add = kNone;
  std::int64_t outputs = 0, kernel_height = 1, kernel_width = 1;
  std::int64_t stride = 1, padding = 0;
  std::int64_t groups = 1;     // 1, or as many as the input has channels and the result (depthwise)
  std::vector<float> weights;  // [outputs, inputs / groups, kernel_height, kernel_width]
  std::vector<float> bias;     // [outputs]
  Activation activation = Activation::none;
  std::string name = {};  // in its model file; empty: none
  // Above 0: `from` may be read as whole numbers from 0 to 255 times this (graph/eight_bit.h). It
  // has no effect on a depthwise convolution.
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

// Windows that reach over the border pool the pixels inside only.
enum class PoolKind { max, average };
struct Pool {
  ValueId from = kInput;
  PoolKind kind = PoolKind::max;
  std::int64_t kernel = 2, stride = 2, padding = 0;
  bool ceil = false;  // a last window that has too few pixels counts, too
  // How many windows there are; 0: as many as fit. More may start inside, where a file pads one end
  // of a map more than the other.
  std::int64_t rows = 0, cols = 0;
};

// The mean of all pixels, a vector.
struct Mean {
  ValueId from = kInput;
};

// activation(from * scale + shift), a channel each.
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

// activation(from + other), and activation(from) where there is no other.
struct Add {
  ValueId from = kInput, other = kNone;
  Activation activation = Activation::none;
};

// The channels of all parts, which are equally large maps, one after the other.
struct Concat {
  std::vector<ValueId> parts;
};

// Negative numbers times a slope, one for each channel.
struct PRelu {
  ValueId from = kInput;
  std::vector<float> slopes;
};

// Each pixel becomes a block of factor x factor pixels like it.
struct Upsample {
  ValueId from = kInput;
  std::int64_t factor = 2;
};

// A map of another size; each of its pixels is one pixel of the map that is read, or lies between
// four of them (graph/resize.h). The names are those of ONNX's operator.
enum class ResizeKind { nearest, linear };
enum class ResizePlace { half_pixel, pytorch_half_pixel, align_corners, asymmetric };
enum class ResizeRounding { round_prefer_floor, round_prefer_ceil, floor, ceil };
struct Resize {
  ValueId from = kInput;
  std::int64_t rows = 1, cols = 1;  // of the result
  ResizeKind kind = ResizeKind::linear;
  ResizePlace place = ResizePlace::half_pixel;
  ResizeRounding rounding = ResizeRounding::round_prefer_floor;  // of nearest
  // How much larger the result is, where that is not a ratio of whole numbers; 0: as the sizes say.
  float row_scale = 0.0F, col_scale = 0.0F;
};

// Each number times that of the other map, which is of the same shape or has a single channel.
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

// The most numbers that one value of one image may have; CenterFace at 2048 pixels a side has 101
// million.
inline constexpr std::int64_t kMostNumbers = std::int64_t{1} << 27;

// The shape of every value for an input of this size. Whatever a graph was made from, this finds
// all that does not fit. @throws fer::Error that names the node: it reads a value that is not there
// yet, arrays are not as long as its sizes say, maps do not fit each other, a window is larger than
// its map, or a value is larger than kMostNumbers.
std::vector<Shape> shapes_of(const Graph& graph, std::int64_t height, std::int64_t width);

// The same, one by one, for whoever is making a graph: the shape of the input, and of what `node`
// makes behind values of the shapes `before`.
Shape input_shape(std::int64_t channels, std::int64_t height, std::int64_t width);
Shape shape_of(const Node& node, const std::vector<Shape>& before);

}  // namespace fer::graph
