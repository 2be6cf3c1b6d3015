// Reads an ONNX file: its nodes, their constants, and the names by which a detector is recognised.
// What comes out fits together; onnx_graph.h makes a network of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fer::graph {

struct OnnxValue {
  std::string name;
  std::vector<std::int64_t> dims;  // -1 where the file leaves a size open
};

struct OnnxTensor {
  std::vector<std::int64_t> dims;
  std::vector<float> values;           // as many as the dims say; empty if not floats
  std::vector<std::int64_t> integers;  // likewise, of 64 bits, or 0 and 1
};

struct OnnxNode {
  std::string name;  // may be empty
  std::string type;  // "Conv"; of other domains than ONNX's own, "DOMAIN.TYPE"
  std::vector<std::string> inputs, outputs;
  std::vector<std::string> attributes;                        // names of all, whatever their types
  std::map<std::string, std::vector<std::int64_t>> integers;  // of these, lists of one too
  std::map<std::string, float> floats;
  std::map<std::string, std::string> texts;
  std::map<std::string, OnnxTensor> tensors;
};

struct OnnxFile {
  std::vector<OnnxValue> inputs;  // without the weights, which older files list as inputs too
  std::vector<OnnxValue> outputs;
  std::vector<OnnxNode> nodes;  // each after those whose values it uses
  std::map<std::string, OnnxTensor> weights;

  bool has_output(std::string_view name) const;
};

// Reads no byte outside `content` and asks for memory only in proportion to it; `name` stands for
// the file in messages. @throws fer::Error where it is no ONNX network, is cut short, keeps its
// weights in another file, has fewer weights than it says, or has a node that uses a value which
// nothing computes.
OnnxFile read_onnx_file(std::string_view content, const std::string& name);

}  // namespace fer::graph
