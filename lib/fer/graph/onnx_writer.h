// A graph as the nodes of an ONNX file, by the operators that other toolkits export: Conv, Gemm,
// MaxPool… An addition or activation at the end of a layer is a further node.
//
// Values are named after the kind and number of their layer, "conv3", and further operations,
// "conv3/relu"; weights are "conv3.weight" and "conv3.bias".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/graph/onnx_document.h"

namespace fer::graph {

struct OnnxNames {
  std::string input = "input";       // of a value [N, channels, height, width], which is there
  std::vector<std::string> outputs;  // one for each of the graph's outputs
  std::string prefix = {};           // of the names of all other values and of weights
};

// float16: matrices and kernels take half the bytes; vectors stay float32. int8: the values of
// eight_bit_scales (graph/eight_bit.h) are rounded to whole numbers, in a pair of QuantizeLinear
// and DequantizeLinear, and so are the weights and biases of the layers that read them; the others
// stay float32.
enum class OnnxWeights { float32, float16, int8 };

// Adds the network for inputs of height x width pixels. Returns its outputs: maps are [N, channels,
// height, width], vectors [N, channels]. @throws fer::Error if the graph is inconsistent
// (shapes_of), a weight is too large for float16, or nothing can be rounded for int8.
std::vector<OnnxValue> write_graph(OnnxDocument& document, const Graph& graph, std::int64_t height,
                                   std::int64_t width, const OnnxNames& names,
                                   OnnxWeights weights = OnnxWeights::float32);

// A file with only this network: float32 `input` [N, channels, height, width], and `outputs`.
// @throws fer::Error as write_graph does.
std::string onnx_of(const Graph& graph, std::int64_t height, std::int64_t width,
                    const std::vector<std::string>& outputs,
                    OnnxWeights weights = OnnxWeights::float32);

}  // namespace fer::graph
