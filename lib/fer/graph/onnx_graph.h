// An ONNX file's network as a graph. It supports the operators of convolutional networks for
// pictures, and folds operators into the convolution before them if possible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/graph/onnx_file.h"

namespace fer::graph {

struct OnnxOutput {
  std::string name;
  std::vector<std::int64_t> dims;  // of one image: the first is 1
  // Whether the file has the numbers pixel by pixel, with all channels of each; the graph has them
  // channel by channel.
  bool channels_last = false;
  bool softmax = false;  // a softmax follows the graph; the output is then a vector
  bool log = false;      // the logarithm of the softmax follows
};

// For one image at a time: the file's batch size is ignored.
struct OnnxGraph {
  std::string input;
  bool channels_last = false;  // the file's input is [N,height,width,channels]
  Graph graph;
  std::vector<OnnxOutput> outputs;  // in the order of graph.outputs and of the file
};

// The input of a network, which replaces the sizes in its file.
struct OnnxPicture {
  std::int64_t height, width;
  // Nothing: 1 or 3, by the file; channels are last if only its last size is 1 or 3.
  std::optional<std::int64_t> channels = {};
  std::optional<bool> channels_last = {};
};

// The supported operators, in alphabetical order.
std::vector<std::string> onnx_operators();

// Takes memory in proportion to the file. @throws fer::Error that starts with `origin` and names
// the node, for an operator or attribute that is unknown or used in an unsupported way, and for
// sizes that do not fit.
OnnxGraph graph_of_onnx(const OnnxFile& file, const OnnxPicture& picture,
                        const std::string& origin);

}  // namespace fer::graph
