// Writes ONNX files for tests, field by field.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "fer/core/protobuf.h"

namespace fer::test {

using protobuf::Message;  // field numbers are those of onnx.proto

inline Message float_tensor(const std::string& name, const std::vector<std::uint64_t>& dims,
                            const std::vector<float>& values) {
  Message tensor;
  for (const std::uint64_t dim : dims) tensor.number(1, dim);
  std::string raw(values.size() * sizeof(float), '\0');
  if (!values.empty()) std::memcpy(raw.data(), values.data(), raw.size());
  return tensor.number(2, 1).bytes(8, name).bytes(9, raw);
}

inline Message value_info(const std::string& name, const std::vector<std::uint64_t>& dims) {
  Message shape;
  for (const std::uint64_t dim : dims) shape.part(1, Message().number(1, dim));
  const Message tensor = Message().number(1, 1).part(2, shape);
  return Message().bytes(1, name).part(2, Message().part(1, tensor));
}

inline Message integers_attribute(const std::string& name,
                                  const std::vector<std::uint64_t>& values) {
  Message attribute;
  attribute.bytes(1, name);
  for (const std::uint64_t value : values) attribute.number(8, value);
  return attribute.number(20, 7);  // type INTS
}

inline Message node(const std::string& type, const std::vector<std::string>& inputs,
                    const std::string& output, const std::vector<Message>& attributes = {}) {
  Message message;
  for (const std::string& input : inputs) message.bytes(1, input);
  message.bytes(2, output).bytes(4, type);
  for (const Message& attribute : attributes) message.part(5, attribute);
  return message;
}

// The file around a graph.
inline std::string onnx_file(const Message& graph) {
  const Message opset = Message().bytes(1, "").number(2, 11);
  return Message().number(1, 6).part(7, graph).part(8, opset).content();
}

// One input [1,3,side,side]; each output is its ReLU, of the same shape.
inline std::string relu_network(const std::vector<std::string>& outputs, std::uint64_t side) {
  Message graph;
  for (const std::string& output : outputs) graph.part(1, node("Relu", {"input"}, output));
  graph.part(11, value_info("input", {1, 3, side, side}));
  for (const std::string& output : outputs) {
    graph.part(12, value_info(output, {1, 3, side, side}));
  }
  return onnx_file(graph);
}

}  // namespace fer::test
