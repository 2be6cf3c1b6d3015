// Reads the attributes of nodes.
#include <string>
#include <vector>

#include "fer/graph/onnx_translator.h"

namespace fer::graph {

std::int64_t integer_of(const OnnxNode& node, const char* name, std::int64_t usual) {
  const auto found = node.integers.find(name);
  return found == node.integers.end() || found->second.size() != 1 ? usual : found->second[0];
}

std::vector<std::int64_t> integers_of(const OnnxNode& node, const char* name,
                                      const std::vector<std::int64_t>& usual) {
  const auto found = node.integers.find(name);
  return found == node.integers.end() ? usual : found->second;
}

double float_of(const OnnxNode& node, const char* name, double usual) {
  const auto found = node.floats.find(name);
  return found == node.floats.end() ? usual : double{found->second};
}

std::string text_of(const OnnxNode& node, const char* name, const std::string& usual) {
  const auto found = node.texts.find(name);
  return found == node.texts.end() ? usual : found->second;
}

}  // namespace fer::graph
