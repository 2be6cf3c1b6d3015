#include "fer/graph/onnx_document.h"

#include <cstring>

#include "fer/core/half.h"

namespace fer::graph {

namespace {

using protobuf::Message;

// Field numbers are those of onnx.proto (github.com/onnx/onnx).

// ONNX's ir_version for the operators of kOnnxOpset (onnx/docs/Versioning.md).
constexpr std::uint64_t kFormatVersion = 8;

std::uint64_t wire(std::int64_t number) { return static_cast<std::uint64_t>(number); }

struct WriteAttribute {
  Message& message;

  // AttributeProto.AttributeType
  enum Type : std::uint64_t { kFloat = 1, kInteger = 2, kText = 3, kIntegers = 7 };

  void operator()(std::int64_t value) const { message.number(3, wire(value)).number(20, kInteger); }
  void operator()(const std::vector<std::int64_t>& values) const {
    for (const std::int64_t value : values) message.number(8, wire(value));
    message.number(20, kIntegers);
  }
  void operator()(float value) const { message.float32(2, value).number(20, kFloat); }
  void operator()(const std::string& value) const { message.bytes(4, value).number(20, kText); }
};

Message attribute_message(const OnnxAttribute& attribute) {
  Message message;
  message.bytes(1, attribute.name);
  std::visit(WriteAttribute{message}, attribute.value);
  return message;
}

Message value_message(const OnnxValue& value, OnnxType type, const std::string& text) {
  Message shape;
  for (const std::int64_t dim : value.dims) {
    shape.part(1, dim < 0 ? Message().bytes(2, "N") : Message().number(1, wire(dim)));
  }
  const Message tensor = Message().number(1, static_cast<std::uint64_t>(type)).part(2, shape);
  Message message;
  message.bytes(1, value.name).part(2, Message().part(1, tensor));
  if (!text.empty()) message.bytes(3, text);
  return message;
}

// Little-endian on disk, as on all supported machines.
template <typename Number>
std::string bytes_of(std::span<const Number> numbers) {
  std::string bytes(numbers.size_bytes(), '\0');
  if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

}  // namespace

void OnnxDocument::input(const OnnxValue& value, OnnxType type, const std::string& text) {
  graph_.part(11, value_message(value, type, text));
}

void OnnxDocument::output(const OnnxValue& value, OnnxType type, const std::string& text) {
  graph_.part(12, value_message(value, type, text));
}

void OnnxDocument::describe(const OnnxValue& value) {
  graph_.part(13, value_message(value, OnnxType::float32, ""));
}

void OnnxDocument::node(const std::string& type, const std::vector<std::string>& inputs,
                        const std::string& output, const std::vector<OnnxAttribute>& attributes) {
  Message message;
  for (const std::string& input : inputs) message.bytes(1, input);
  message.bytes(2, output).bytes(3, output).bytes(4, type);
  for (const OnnxAttribute& attribute : attributes) message.part(5, attribute_message(attribute));
  graph_.part(1, message);
}

std::string OnnxDocument::floats(const std::string& name, const std::vector<std::int64_t>& dims,
                                 std::span<const float> values) {
  tensor(name, OnnxType::float32, dims, bytes_of(values));
  return name;
}

std::string OnnxDocument::integers(const std::string& name,
                                   const std::vector<std::int64_t>& values) {
  tensor(name, OnnxType::int64, {static_cast<std::int64_t>(values.size())},
         bytes_of(std::span<const std::int64_t>(values)));
  return name;
}

std::string OnnxDocument::halves(const std::string& name, const std::vector<std::int64_t>& dims,
                                 std::span<const float> values) {
  const std::vector<std::uint16_t> halves = to_halves(values, name);
  const std::string stored = name + ".float16";
  tensor(stored, OnnxType::float16, dims, bytes_of(std::span<const std::uint16_t>(halves)));
  node("Cast", {stored}, name, {{"to", static_cast<std::int64_t>(OnnxType::float32)}});
  return name;
}

std::string OnnxDocument::zero(const std::string& name, OnnxType type) {
  tensor(name, type, {}, std::string(type == OnnxType::int32 ? 4 : 1, '\0'));
  return name;
}

std::string OnnxDocument::stepped(const std::string& name, OnnxType type,
                                  const std::vector<std::int64_t>& dims,
                                  std::span<const std::int32_t> counts,
                                  std::span<const float> steps) {
  const bool bytes = type == OnnxType::int8;
  const std::string stored = name + (bytes ? ".int8" : ".int32");
  const std::vector<std::int8_t> small(counts.begin(), counts.end());
  tensor(stored, type, dims,
         bytes ? bytes_of(std::span<const std::int8_t>(small)) : bytes_of(counts));
  const auto rows = static_cast<std::int64_t>(steps.size());
  const std::string scale = floats(name + ".scale", {rows}, steps), zeros = name + ".zero";
  tensor(zeros, type, {rows}, std::string(steps.size() * (bytes ? 1 : 4), '\0'));
  node("DequantizeLinear", {stored, scale, zeros}, name, {{"axis", std::int64_t{0}}});
  return name;
}

void OnnxDocument::tensor(const std::string& name, OnnxType type,
                          const std::vector<std::int64_t>& dims, const std::string& bytes) {
  Message message;
  for (const std::int64_t dim : dims) message.number(1, wire(dim));
  message.number(2, static_cast<std::uint64_t>(type)).bytes(8, name).bytes(9, bytes);
  graph_.part(5, message);
}

std::string OnnxDocument::content(const OnnxFacts& facts) const {
  Message graph = graph_;
  graph.bytes(2, facts.name);
  Message model;
  model.number(1, kFormatVersion).bytes(2, facts.producer).bytes(3, facts.version);
  model.bytes(6, facts.text).part(7, graph);
  model.part(8, Message().bytes(1, "").number(2, kOnnxOpset));
  for (const auto& [key, value] : facts.metadata) {
    model.part(14, Message().bytes(1, key).bytes(2, value));
  }
  return model.content();
}

}  // namespace fer::graph
