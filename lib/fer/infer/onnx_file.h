// Reads an ONNX file: the network for OnnxNet, which runs it, and the names by which a detector is
// recognised. It also checks that the parts of the file fit each other before OpenCV's importer
// sees it, because that importer trusts them to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fer::infer {

struct OnnxValue {
  std::string name;
  std::vector<std::int64_t> dims;  // -1 where the file leaves a size open
};

struct OnnxTensor {
  std::vector<std::int64_t> dims;
  std::vector<float> values;  // as many as the dims say; empty if not floats
};

struct OnnxNode {
  std::string type;  // "Conv"
  std::vector<std::string> inputs, outputs;
  std::map<std::string, std::vector<std::int64_t>> integers;  // attributes, lists of one too
  std::map<std::string, float> floats;
  std::map<std::string, std::string> texts;
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

}  // namespace fer::infer
