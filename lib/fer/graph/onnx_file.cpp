#include "fer/graph/onnx_file.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/protobuf.h"
#include "fer/core/text.h"

namespace fer::graph {

namespace {

using protobuf::Malformed;  // read_onnx_file adds the file's name
using WireField = protobuf::Field;
using WireReader = protobuf::Reader;

// Field numbers are those of onnx.proto (github.com/onnx/onnx).

// A repeated integer: one value, or all of them packed.
void append_integers(const WireField& field, std::vector<std::int64_t>& values) {
  if (field.bytes.empty()) {
    values.push_back(static_cast<std::int64_t>(field.value));
    return;
  }
  WireReader packed(field.bytes);
  while (!packed.empty()) values.push_back(static_cast<std::int64_t>(packed.varint()));
}

// The size of an element of this TensorProto.data_type; 0 for types that are no numbers.
std::uint64_t element_bytes(std::uint64_t type) {
  switch (type) {
    case 2:
    case 3:
    case 9:
      return 1;  // uint8, int8, bool
    case 10:
      return 2;  // float16
    case 1:
    case 6:
      return 4;  // float, int32
    case 7:
    case 11:
      return 8;  // int64, double
    default:
      return 0;
  }
}

struct RawTensor {
  std::string name;
  std::vector<std::int64_t> dims;
  std::uint64_t type = 0;
  // number of values in the typed lists, which take precedence over raw_bytes
  std::optional<std::uint64_t> typed_values;
  std::string_view raw;
  std::string typed_floats;  // the bytes of float_data
  std::vector<std::int64_t> typed_integers;
};

constexpr std::uint64_t kFloatType = 1, kIntegerType = 7, kBoolType = 9;

template <typename Number>
std::vector<Number> numbers_of(std::string_view bytes) {
  std::vector<Number> values(bytes.size() / sizeof(Number));
  // An empty tensor has no address to copy from or to.
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(Number));
  return values;
}

std::uint64_t elements_of(const RawTensor& tensor) {
  std::uint64_t elements = 1;
  for (const std::int64_t dim : tensor.dims) {
    // More than any file holds; it also prevents an overflow of the product.
    constexpr std::uint64_t kMost = std::uint64_t{1} << 31;
    if (dim < 0 || static_cast<std::uint64_t>(dim) > kMost) return kMost;
    elements *= static_cast<std::uint64_t>(dim);
    if (elements > kMost) return kMost;
  }
  return elements;
}

// Little-endian on disk, as on all supported machines. Ignores numbers in the list of another type
// than the tensor's.
OnnxTensor tensor_of(RawTensor raw) {
  const std::uint64_t elements = elements_of(raw);
  OnnxTensor tensor{std::move(raw.dims), {}, {}};
  if (raw.type == kFloatType) {
    tensor.values = numbers_of<float>(raw.typed_values ? raw.typed_floats : raw.raw);
  } else if (raw.type == kIntegerType) {
    tensor.integers =
        raw.typed_values ? std::move(raw.typed_integers) : numbers_of<std::int64_t>(raw.raw);
  } else if (raw.type == kBoolType) {
    tensor.integers = std::move(raw.typed_integers);
    if (!raw.typed_values) tensor.integers.assign(raw.raw.begin(), raw.raw.end());
  }
  if (tensor.values.size() != elements) tensor.values.clear();
  if (tensor.integers.size() != elements) tensor.integers.clear();
  return tensor;
}

void check_tensor(const RawTensor& tensor) {
  const std::string what = "its tensor " + quote(tensor.name);
  const std::uint64_t bytes = element_bytes(tensor.type);
  if (bytes == 0) {
    throw Malformed{what + " has data type " + std::to_string(tensor.type) + ", no number"};
  }
  const std::uint64_t elements = elements_of(tensor);
  const bool fits = tensor.typed_values ? *tensor.typed_values == elements
                                        : tensor.raw.size() == elements * bytes;
  if (!fits) throw Malformed{what + " holds more or fewer numbers than its shape says"};
}

RawTensor read_tensor(std::string_view data) {
  RawTensor tensor;
  std::uint64_t wide = 0;
  WireReader reader(data);
  for (WireField field; reader.next(field);) {
    if (field.number == 1) append_integers(field, tensor.dims);
    if (field.number == 2) tensor.type = field.value;
    if (field.number == 4) {  // float_data
      wide += field.bytes.size() / 4;
      tensor.typed_floats += field.bytes.substr(0, field.bytes.size() / 4 * 4);
    }
    if (field.number == 10) wide += field.bytes.size() / 8;  // double_data
    const bool integer_data = field.number == 5 || field.number == 7;
    if (integer_data) append_integers(field, tensor.typed_integers);
    if (field.number == 8) tensor.name = field.bytes;
    if (field.number == 9) tensor.raw = field.bytes;
    const bool elsewhere = field.number == 13 || (field.number == 14 && field.value != 0);
    if (elsewhere) throw Malformed{"its weights are in another file"};
  }
  const std::uint64_t listed = wide + tensor.typed_integers.size();
  if (listed > 0) tensor.typed_values = listed;
  check_tensor(tensor);
  return tensor;
}

// The bytes of the field's message, or no bytes. A repeated field, which protobuf would merge, is
// refused, because readers treat it differently.
std::string_view sub_message(std::string_view data, std::uint64_t number) {
  std::optional<std::string_view> found;
  WireReader reader(data);
  for (WireField field; reader.next(field);) {
    if (field.number != number) continue;
    if (found) throw Malformed{"it has one of its parts twice"};
    found = field.bytes;
  }
  return found.value_or(std::string_view());
}

// Reads an attribute of a node, at most a tensor; graphs for loops and branches are not supported.
void read_attribute(std::string_view data, OnnxNode& node) {
  const std::string name(sub_message(data, 1));
  node.attributes.push_back(name);
  std::vector<std::int64_t> integers;
  WireReader reader(data);
  for (WireField field; reader.next(field);) {
    const bool nested = field.number == 6 || (field.number >= 10 && field.number <= 12);
    if (nested) throw Malformed{"it has networks within its nodes"};
    if (field.number == 3 || field.number == 8) append_integers(field, integers);
    if (field.number == 4) node.texts[name] = field.bytes;
    if (field.number == 2 && field.bytes.size() == sizeof(float)) {
      std::memcpy(&node.floats[name], field.bytes.data(), sizeof(float));
    }
  }
  if (!integers.empty()) node.integers[name] = std::move(integers);
  const std::string_view tensor = sub_message(data, 5);
  if (!tensor.empty()) node.tensors[name] = tensor_of(read_tensor(tensor));
}

std::int64_t read_dim(std::string_view data) {
  WireReader reader(data);
  for (WireField field; reader.next(field);) {
    if (field.number == 1) return static_cast<std::int64_t>(field.value);
  }
  return -1;
}

OnnxValue read_value(std::string_view data) {
  OnnxValue value{.name = std::string(sub_message(data, 1)), .dims = {}};
  // ValueInfo.type -> .tensor_type -> .shape -> .dim…
  WireReader shape(sub_message(sub_message(sub_message(data, 2), 1), 2));
  for (WireField field; shape.next(field);) {
    if (field.number == 1) value.dims.push_back(read_dim(field.bytes));
  }
  return value;
}

// The parts of a file take far more memory than bytes in the file, so they are counted before they
// are kept. The largest detector has 150 nodes.
constexpr std::size_t kMostParts = 20'000;  // nodes, inputs, outputs and weights
constexpr std::size_t kMostNames = 64;      // inputs, outputs or attributes of a node

template <typename Part>
void check_count(const std::vector<Part>& parts, std::size_t most, const char* what) {
  if (parts.size() < most) return;
  throw Malformed{"it has more than " + std::to_string(most) + " " + what};
}

OnnxNode read_node(std::string_view data) {
  OnnxNode node;
  std::string domain;
  WireReader reader(data);
  for (WireField field; reader.next(field);) {
    if (field.number == 1) {
      check_count(node.inputs, kMostNames, "inputs of a node");
      node.inputs.emplace_back(field.bytes);
    }
    if (field.number == 2) {
      check_count(node.outputs, kMostNames, "outputs of a node");
      node.outputs.emplace_back(field.bytes);
    }
    if (field.number == 3) node.name = field.bytes;
    if (field.number == 4) node.type = field.bytes;
    if (field.number == 5) {
      check_count(node.attributes, kMostNames, "attributes of a node");
      read_attribute(field.bytes, node);
    }
    if (field.number == 7) domain = field.bytes;
  }
  if (!domain.empty() && domain != "ai.onnx") node.type = domain + "." + node.type;
  return node;
}

struct FileParts {
  OnnxFile file;
  std::set<std::string> known;  // names of the values so far
};

void add_weights(std::string_view data, FileParts& graph) {
  RawTensor tensor = read_tensor(data);
  const std::string name = tensor.name;
  graph.known.insert(name);
  graph.file.weights[name] = tensor_of(std::move(tensor));
}

FileParts read_graph(std::string_view data) {
  FileParts graph;
  WireReader reader(data);
  for (WireField field; reader.next(field);) {
    switch (field.number) {
      case 1:
        check_count(graph.file.nodes, kMostParts, "nodes");
        graph.file.nodes.push_back(read_node(field.bytes));
        break;
      case 5:
        add_weights(field.bytes, graph);
        break;
      case 11:
        check_count(graph.file.inputs, kMostParts, "inputs");
        graph.file.inputs.push_back(read_value(field.bytes));
        break;
      case 12:
        check_count(graph.file.outputs, kMostParts, "outputs");
        graph.file.outputs.push_back(read_value(field.bytes));
        break;
      default:
        break;
    }
  }
  std::erase_if(graph.file.inputs,
                [&](const OnnxValue& input) { return graph.known.contains(input.name); });
  return graph;
}

// ONNX's specification demands an order of the nodes in which every value is made before it is
// used.
void check_nodes(FileParts& graph) {
  graph.known.insert("");  // an optional input that is left out
  for (const OnnxValue& input : graph.file.inputs) graph.known.insert(input.name);
  for (const OnnxNode& node : graph.file.nodes) {
    for (const std::string& input : node.inputs) {
      if (!graph.known.contains(input)) throw Malformed{"nothing gives its value " + quote(input)};
    }
    graph.known.insert(node.outputs.begin(), node.outputs.end());
  }
  for (const OnnxValue& output : graph.file.outputs) {
    if (!graph.known.contains(output.name)) {
      throw Malformed{"nothing gives its output " + quote(output.name)};
    }
  }
}

}  // namespace

bool OnnxFile::has_output(std::string_view name) const {
  return std::any_of(outputs.begin(), outputs.end(),
                     [&](const OnnxValue& output) { return output.name == name; });
}

OnnxFile read_onnx_file(std::string_view content, const std::string& name) {
  try {
    FileParts graph = read_graph(sub_message(content, 7));
    if (graph.file.nodes.empty()) throw Malformed{"it has no nodes"};
    check_nodes(graph);
    return graph.file;
  } catch (const Malformed& malformed) {
    throw Error(name + ": is not an ONNX network: " + malformed.why);
  }
}

}  // namespace fer::graph
