// What translates the nodes of an ONNX file, one by one. Private to graph/onnx_*.cpp.
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

// Zeros around a map.
struct OnnxPads {
  std::int64_t top = 0, left = 0, bottom = 0, right = 0;

  bool operator==(const OnnxPads&) const = default;
};

// What a value of the file is: a value of the graph, and how the file sees its numbers.
struct OnnxView {
  ValueId id = kInput;
  std::vector<std::int64_t> dims = {};  // the first is 1
  bool channels_last = false;           // as in OnnxOutput
  bool softmax = false;                 // as in OnnxOutput
  bool log = false;                     // as in OnnxOutput
  OnnxPads pads = {};                   // which the convolutions behind it add
  bool alone = true;                    // nothing but this view reads the graph's value
};

class OnnxTranslator {
 public:
  // All are used while it lives. @throws fer::Error for an input that is no picture.
  OnnxTranslator(const OnnxFile& file, const OnnxPicture& picture, const std::string& origin);

  // @throws fer::Error.
  OnnxGraph translate();

  // The rest is for the functions that translate a node.

  const OnnxNode& node() const { return *node_; }
  // Throws an error that names the node, which `why` goes on about.
  [[noreturn]] void fail(const std::string& why) const;

  // An input of the node that is computed. @throws where it is a constant, or left out.
  const OnnxView& view(std::size_t number) const;
  // The same as a map: [1,channels,height,width]. Only a convolution's may have pads.
  const OnnxView& map(std::size_t number) const;
  // An input that is a constant; null where it is computed, or left out.
  const OnnxTensor* constant(std::size_t number) const;
  bool has_input(std::size_t number) const;

  const Shape& shape(const OnnxView& view) const { return shapes_[view.id]; }
  // The shape of what `made` would make.
  Shape shape_after(const Node& made) const;
  // Which of a view's dims counts its channels, where one does.
  std::optional<std::size_t> channel_axis(const OnnxView& view) const;
  // Whether both have the same numbers in the same order.
  bool same_layout(const OnnxView& a, const OnnxView& b) const;

  // Whether nothing but this node, so many times, reads what is behind an input: then it may
  // change.
  bool reads_alone(std::size_t number, int times = 1) const;
  // Whether the node's result goes to nothing but convolutions, as their first input.
  bool feeds_convolutions() const;
  // What makes a value of the graph; null for the network's input.
  Node* maker(const OnnxView& view);

  // Throws where so many more weights would be out of proportion to the file.
  void require_room(std::int64_t weights) const;
  // A value that is needed on the way to the node's result.
  ValueId add(Node made);
  // The node's result is a new map, a new value with other dims, or an input seen in another way.
  void make(Node made);
  void make(Node made, std::vector<std::int64_t> dims, bool channels_last);
  void set(std::size_t number, OnnxView view);
  void set(OnnxView view);
  void set(const OnnxTensor& constant);
  void set(OnnxTensor&& constant);

  // The node's result is an input times scale plus shift, a channel each, or an activation of it:
  // within the layer that makes the input, where that can be, else by a layer of its own.
  void scale(std::size_t number, const std::vector<double>& scale,
             const std::vector<double>& shift);
  void activate(std::size_t number, Activation activation);
  // Gives a layer that has none this activation; false where that cannot be.
  bool fold(ValueId id, Activation activation);
  // Whether a view's value is the last one made, which can be taken back.
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
  std::vector<Shape> shapes_;  // of the graph's values
  std::map<std::string, OnnxView> views_;
  std::map<std::string, const OnnxTensor*> constants_;
  std::deque<OnnxTensor> made_constants_;
  std::map<std::string, int> uses_;        // how often nodes or the outputs use each value
  std::map<std::string, int> conv_reads_;  // how many of these uses are a convolution's first input
  std::int64_t weights_ = 0, most_weights_ = 0;
};

struct OnnxOperator {
  void (*translate)(OnnxTranslator& translator);
  // The attributes that a node may have. Any other one might change the result, and is an error.
  // The list includes attributes that change nothing here (momentum, seed, storage_order).
  std::set<std::string> attributes;
};

// onnx_operators.cpp; null where there is none.
const OnnxOperator* find_operator(const std::string& type);

// A node's attributes; `usual` is what they are where the file does not say.
std::int64_t integer_of(const OnnxNode& node, const char* name, std::int64_t usual);
std::vector<std::int64_t> integers_of(const OnnxNode& node, const char* name,
                                      const std::vector<std::int64_t>& usual);
double float_of(const OnnxNode& node, const char* name, double usual);
std::string text_of(const OnnxNode& node, const char* name, const std::string& usual);

// How windows move over a map, by the node's attributes.
struct OnnxWindow {
  std::int64_t stride = 1, dilation = 1;
  OnnxPads pads;
};
OnnxWindow window_of(const OnnxTranslator& t, const Shape& from, std::int64_t kernel_height,
                     std::int64_t kernel_width);

// Zeros around a map, which becomes [1,channels,height,width], as a layer of its own: a value that
// the node needs.
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
// The same as axes counted from the first of `rank`, in order. @throws for those there are not.
std::vector<std::int64_t> axes_of(const OnnxTranslator& t, std::size_t rank);
// The node's result has the numbers of its first input in the same order with other dims. @throws
// where they are not one image's.
void set_dims(OnnxTranslator& t, std::vector<std::int64_t> dims);

// onnx_constants.cpp: what is known before any picture, such as shapes that are computed.
void translate_constant(OnnxTranslator& t);
void translate_shape(OnnxTranslator& t);
void translate_gather(OnnxTranslator& t);
void translate_slice(OnnxTranslator& t);
void translate_unsqueeze(OnnxTranslator& t);
void translate_cast(OnnxTranslator& t);
// Translates a Concat whose first input is a constant.
void join_constants(OnnxTranslator& t);

}  // namespace fer::graph
