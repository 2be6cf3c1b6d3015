// An ONNX file's network as a graph. Its operators are those of convolutional networks for
// pictures; what stands behind a convolution and can be folded into it is.
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
  // The numbers come pixel by pixel, with all channels of each; the graph has channel by channel.
  bool channels_last = false;
  bool softmax = false;  // of all numbers, behind the graph; then they are a vector
  bool log = false;      // the logarithm of that softmax
};

// One image at a time: whatever size a file gives for the batch is taken for 1.
struct OnnxGraph {
  std::string input;
  bool channels_last = false;  // the file's input is [N,height,width,channels]
  Graph graph;
  std::vector<OnnxOutput> outputs;  // in the order of graph.outputs, which is the file's
};

// What a network is given, whatever sizes its file says.
struct OnnxPicture {
  std::int64_t height, width;
  // Nothing: 1 or 3, as the file says, and channels last where only its last size is one of these.
  std::optional<std::int64_t> channels = {};
  std::optional<bool> channels_last = {};
};

// The operators that a file may have, in alphabetical order.
std::vector<std::string> onnx_operators();

// Memory is asked for in proportion to the file. @throws fer::Error that starts with `origin` and
// names the node: an operator or attribute that is not known, or is used in a way that a graph
// cannot say, or sizes that do not fit.
OnnxGraph graph_of_onnx(const OnnxFile& file, const OnnxPicture& picture,
                        const std::string& origin);

}  // namespace fer::graph
