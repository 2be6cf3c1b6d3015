// Reads an ONNX file: its nodes, their constants, and the names by which a detector is recognised.
// The result is consistent; onnx_graph.h makes a network of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fer::graph {

struct OnnxValue {
  std::string name;
  std::vector<std::int64_t> dims;  // -1 for an open size
};

struct OnnxTensor {
  std::vector<std::int64_t> dims;
  std::vector<float> values;           // as many as the product of dims; empty if not floats
  std::vector<std::int64_t> integers;  // likewise, for integers of 64 bits and booleans
};

struct OnnxNode {
  std::string name;  // may be empty
  std::string type;  // "Conv"; in other domains than ONNX's, "DOMAIN.TYPE"
  std::vector<std::string> inputs, outputs;
  // names of all attributes, of any type
  std::vector<std::string> attributes;
  // integer attributes, also single ones
  std::map<std::string, std::vector<std::int64_t>> integers;
  std::map<std::string, float> floats;
  std::map<std::string, std::string> texts;
  std::map<std::string, OnnxTensor> tensors;
};

struct OnnxFile {
  std::vector<OnnxValue> inputs;  // without the weights, which older files list here, too
  std::vector<OnnxValue> outputs;
  std::vector<OnnxNode> nodes;  // each after the nodes whose values it uses
  std::map<std::string, OnnxTensor> weights;

  bool has_output(std::string_view name) const;
};

// Never reads outside `content`, and takes memory only in proportion to it; `name` stands for the
// file in messages. @throws fer::Error if it is no ONNX network, is cut short, keeps its weights in
// another file, has fewer weights than their dims demand, or has a node that uses a value that
// nothing computes.
OnnxFile read_onnx_file(std::string_view content, const std::string& name);

}  // namespace fer::graph
