// Translates the nodes of an ONNX file, one by one. Private to graph/onnx_*.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/graph/onnx_file.h"
#include "fer/graph/onnx_graph.h"

namespace fer::graph {

// The widths of zero padding around a map.
struct OnnxPads {
  std::int64_t top = 0, left = 0, bottom = 0, right = 0;

  bool operator==(const OnnxPads&) const = default;
};

// A value of the file: a value of the graph, and its layout in the file.
struct OnnxView {
  ValueId id = kInput;
  std::vector<std::int64_t> dims = {};  // the first is 1
  bool channels_last = false;           // as in OnnxOutput
  bool softmax = false;                 // as in OnnxOutput
  bool log = false;                     // as in OnnxOutput
  OnnxPads pads = {};                   // to be added by the convolutions after it
  bool alone = true;                    // only this view reads the graph's value
};

class OnnxTranslator {
 public:
  // The arguments must outlive the translator. @throws fer::Error for an input that is no picture.
  OnnxTranslator(const OnnxFile& file, const OnnxPicture& picture, const std::string& origin);

  // @throws fer::Error.
  OnnxGraph translate();

  // All that follows is for the functions that translate a node.

  const OnnxNode& node() const { return *node_; }
  // Throws an error: the node's name, then `why`.
  [[noreturn]] void fail(const std::string& why) const;

  // A computed input of the node. @throws fer::Error if it is a constant or left out.
  const OnnxView& view(std::size_t number) const;
  // A computed input that is a map: [1,channels,height,width]. Only a convolution's input may have
  // pads.
  const OnnxView& map(std::size_t number) const;
  // A constant input; null if it is computed or left out.
  const OnnxTensor* constant(std::size_t number) const;
  bool has_input(std::size_t number) const;

  const Shape& shape(const OnnxView& view) const { return shapes_[view.id]; }
  // The shape of the value that `made` would make.
  Shape shape_after(const Node& made) const;
  // The index of the dim that counts a view's channels, if there is one.
  std::optional<std::size_t> channel_axis(const OnnxView& view) const;
  // Whether both have the same numbers in the same order.
  bool same_layout(const OnnxView& a, const OnnxView& b) const;

  // Whether only this node, `times` times, reads an input's value, so that the value may change.
  bool reads_alone(std::size_t number, int times = 1) const;
  // Whether only convolutions read the node's result, as their first input.
  bool feeds_convolutions() const;
  // The node that makes a view's value; null for the network's input.
  Node* maker(const OnnxView& view);

  // Throws if `weights` further weights would be out of proportion to the file.
  void require_room(std::int64_t weights) const;
  // Adds an intermediate value of the node.
  ValueId add(Node made);
  // Sets the node's result: a new map, a new value with other dims, or an input in another layout.
  void make(Node made);
  void make(Node made, std::vector<std::int64_t> dims, bool channels_last);
  void set(std::size_t number, OnnxView view);
  void set(OnnxView view);
  void set(const OnnxTensor& constant);
  void set(OnnxTensor&& constant);

  // Sets the node's result to an input times scale plus shift, for each channel, or to an
  // activation of it. Folds this into the layer that makes the input if possible; otherwise adds a
  // layer.
  void scale(std::size_t number, const std::vector<double>& scale,
             const std::vector<double>& shift);
  void activate(std::size_t number, Activation activation);
  // Gives this activation to a layer without one; false if that is impossible.
  bool fold(ValueId id, Activation activation);
  // Whether a view's value is the last one, which can be removed again.
  bool is_last(const OnnxView& view) const;
  void drop_last();

 private:
  void count_uses();
  void read_input(const OnnxPicture& picture);
  void translate_node(const OnnxNode& node);
  void add_output(const OnnxValue& output);
  bool fold(ValueId id, const std::vector<double>& scale, const std::vector<double>& shift);

  const OnnxFile& file_;
  const std::string& origin_;
  const OnnxNode* node_ = nullptr;
  OnnxGraph result_;
  std::vector<Shape> shapes_;  // of all values of the graph
  std::map<std::string, OnnxView> views_;
  std::map<std::string, const OnnxTensor*> constants_;
  std::deque<OnnxTensor> made_constants_;
  std::map<std::string, int> uses_;        // number of uses of each value by nodes and outputs
  std::map<std::string, int> conv_reads_;  // those uses that are a convolution's first input
  std::int64_t weights_ = 0, most_weights_ = 0;
};

struct OnnxOperator {
  void (*translate)(OnnxTranslator& translator);
  // The attributes that a node may have, including those without effect here (momentum, seed,
  // storage_order). Any other one might change the result and is an error.
  std::set<std::string> attributes;
};

// In onnx_operators.cpp. Null for an unknown operator.
const OnnxOperator* find_operator(const std::string& type);

// A node's attributes; `usual`: the default.
std::int64_t integer_of(const OnnxNode& node, const char* name, std::int64_t usual);
std::vector<std::int64_t> integers_of(const OnnxNode& node, const char* name,
                                      const std::vector<std::int64_t>& usual);
double float_of(const OnnxNode& node, const char* name, double usual);
std::string text_of(const OnnxNode& node, const char* name, const std::string& usual);

// The windows of a convolution or pooling, by the node's attributes.
struct OnnxWindow {
  std::int64_t stride = 1, dilation = 1;
  OnnxPads pads;
};
OnnxWindow window_of(const OnnxTranslator& t, const Shape& from, std::int64_t kernel_height,
                     std::int64_t kernel_width);

// Adds zeros around a map by a layer, as an intermediate value of the node:
// [1,channels,height,width].
OnnxView padded(OnnxTranslator& t, const OnnxView& from, const OnnxPads& pads);

// The operators, each named after its function. onnx_products.cpp:
void translate_conv(OnnxTranslator& t);
void translate_conv_transpose(OnnxTranslator& t);
void translate_gemm(OnnxTranslator& t);
void translate_matmul(OnnxTranslator& t);

// onnx_elements.cpp
void translate_batch_normalization(OnnxTranslator& t);
void translate_relu(OnnxTranslator& t);
void translate_clip(OnnxTranslator& t);
void translate_sigmoid(OnnxTranslator& t);
void translate_hard_sigmoid(OnnxTranslator& t);
void translate_hard_swish(OnnxTranslator& t);
void translate_prelu(OnnxTranslator& t);
void translate_leaky_relu(OnnxTranslator& t);
void translate_add(OnnxTranslator& t);
void translate_sub(OnnxTranslator& t);
void translate_mul(OnnxTranslator& t);
void translate_div(OnnxTranslator& t);

// onnx_layouts.cpp
void translate_max_pool(OnnxTranslator& t);
void translate_average_pool(OnnxTranslator& t);
void translate_global_average_pool(OnnxTranslator& t);
void translate_reduce_mean(OnnxTranslator& t);
void translate_depth_to_space(OnnxTranslator& t);
void translate_identity(OnnxTranslator& t);
void translate_dropout(OnnxTranslator& t);
void translate_flatten(OnnxTranslator& t);
void translate_reshape(OnnxTranslator& t);
void translate_squeeze(OnnxTranslator& t);
void translate_transpose(OnnxTranslator& t);
void translate_concat(OnnxTranslator& t);
void translate_pad(OnnxTranslator& t);
void translate_softmax(OnnxTranslator& t);
void translate_log_softmax(OnnxTranslator& t);

// onnx_resize.cpp
void translate_resize(OnnxTranslator& t);

// A list of integers that is an attribute in older files and a constant input in newer ones.
std::vector<std::int64_t> integers_or_input(const OnnxTranslator& t, const char* name,
                                            std::size_t number);
// The node's axes, sorted, as indices from 0 to rank - 1. @throws fer::Error for others.
std::vector<std::int64_t> axes_of(const OnnxTranslator& t, std::size_t rank);
// Sets the node's result to its first input with other dims. @throws fer::Error if the first dim is
// not 1.
void set_dims(OnnxTranslator& t, std::vector<std::int64_t> dims);

// onnx_constants.cpp: values that do not depend on the picture, such as computed shapes.
void translate_constant(OnnxTranslator& t);
void translate_shape(OnnxTranslator& t);
void translate_gather(OnnxTranslator& t);
void translate_slice(OnnxTranslator& t);
void translate_unsqueeze(OnnxTranslator& t);
void translate_cast(OnnxTranslator& t);
// Translates a Concat whose first input is a constant.
void join_constants(OnnxTranslator& t);

}  // namespace fer::graph
