// The table of operators.
#include <map>
#include <string>
#include <vector>

#include "fer/graph/onnx_graph.h"
#include "fer/graph/onnx_translator.h"

namespace fer::graph {

namespace {

// A new operator is one function and one line here.
const std::map<std::string, OnnxOperator> kOperators = {
    {"Add", {translate_add, {}}},
    {"AveragePool",
     {translate_average_pool,
      {"auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads",
       "strides"}}},
    {"BatchNormalization",
     {translate_batch_normalization, {"epsilon", "momentum", "spatial", "training_mode"}}},
    {"Cast", {translate_cast, {"to"}}},
    {"Clip", {translate_clip, {"max", "min"}}},
    {"Concat", {translate_concat, {"axis"}}},
    {"Constant", {translate_constant, {"value", "value_float", "value_int", "value_ints"}}},
    {"Conv",
     {translate_conv, {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"}}},
    {"ConvTranspose",
     {translate_conv_transpose,
      {"auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads",
       "strides"}}},
    {"DepthToSpace", {translate_depth_to_space, {"blocksize", "mode"}}},
    {"Div", {translate_div, {}}},
    {"Dropout", {translate_dropout, {"ratio", "seed"}}},
    {"Flatten", {translate_flatten, {"axis"}}},
    {"Gather", {translate_gather, {"axis"}}},
    {"Gemm", {translate_gemm, {"alpha", "beta", "transA", "transB"}}},
    {"GlobalAveragePool", {translate_global_average_pool, {}}},
    {"HardSigmoid", {translate_hard_sigmoid, {"alpha", "beta"}}},
    {"HardSwish", {translate_hard_swish, {}}},
    {"Identity", {translate_identity, {}}},
    {"LeakyRelu", {translate_leaky_relu, {"alpha"}}},
    {"LogSoftmax", {translate_log_softmax, {"axis"}}},
    {"MatMul", {translate_matmul, {}}},
    {"MaxPool",
     {translate_max_pool,
      {"auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"}}},
    {"Mul", {translate_mul, {}}},
    {"PRelu", {translate_prelu, {}}},
    {"Pad", {translate_pad, {"mode", "pads", "value"}}},
    {"ReduceMean", {translate_reduce_mean, {"axes", "keepdims", "noop_with_empty_axes"}}},
    {"Relu", {translate_relu, {}}},
    {"Reshape", {translate_reshape, {"allowzero", "shape"}}},
    {"Resize",
     {translate_resize,
      {"antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
       "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode"}}},
    {"Shape", {translate_shape, {"end", "start"}}},
    {"Sigmoid", {translate_sigmoid, {}}},
    {"Slice", {translate_slice, {"axes", "ends", "starts"}}},
    {"Softmax", {translate_softmax, {"axis"}}},
    {"Squeeze", {translate_squeeze, {"axes"}}},
    {"Sub", {translate_sub, {}}},
    {"Transpose", {translate_transpose, {"perm"}}},
    {"Unsqueeze", {translate_unsqueeze, {"axes"}}},
    {"Upsample", {translate_resize, {"mode"}}},
};

}  // namespace

const OnnxOperator* find_operator(const std::string& type) {
  const auto found = kOperators.find(type);
  return found == kOperators.end() ? nullptr : &found->second;
}

std::vector<std::string> onnx_operators() {
  std::vector<std::string> names;
  for (const auto& [name, some] : kOperators) names.push_back(name);
  return names;
}

}  // namespace fer::graph
