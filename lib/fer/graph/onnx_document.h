// Writes the format of ONNX files, which onnx_file.h reads; onnx_writer.h chooses the nodes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fer/core/protobuf.h"
#include "fer/graph/onnx_file.h"

namespace fer::graph {

// The version of the operators. Every toolkit released since 2022 reads 17.
inline constexpr std::uint64_t kOnnxOpset = 17;

// Numbered as TensorProto.DataType.
enum class OnnxType : std::uint64_t {
  float32 = 1,
  uint8 = 2,
  int8 = 3,
  int32 = 6,
  int64 = 7,
  float16 = 10
};

struct OnnxAttribute {
  std::string name;
  std::variant<std::int64_t, std::vector<std::int64_t>, float, std::string> value;
};

// The description of a file: everything in it except the network.
struct OnnxFacts {
  std::string name;  // of the network
  std::string text;  // for people
  std::string producer, version;
  std::vector<std::pair<std::string, std::string>> metadata = {};  // keys and values, in this order
};

class OnnxDocument {
 public:
  // Inputs and outputs of the network; a size of -1 is open and called N. `text`: a description.
  void input(const OnnxValue& value, OnnxType type, const std::string& text);
  void output(const OnnxValue& value, OnnxType type, const std::string& text);
  // The shape of an intermediate float32 value, for viewers.
  void describe(const OnnxValue& value);

  // A node with a single output, which has the node's name. An empty input is left out.
  void node(const std::string& type, const std::vector<std::string>& inputs,
            const std::string& output, const std::vector<OnnxAttribute>& attributes = {});

  // Constants. Each function returns `name`; no dims mean a single number.
  std::string floats(const std::string& name, const std::vector<std::int64_t>& dims,
                     std::span<const float> values);
  std::string integers(const std::string& name, const std::vector<std::int64_t>& values);
  // Stored as NAME.float16, in half the bytes, and a Cast to the float32 that nodes read. @throws
  // fer::Error with the name for a number that is too large.
  std::string halves(const std::string& name, const std::vector<std::int64_t>& dims,
                     std::span<const float> values);

  // A single 0 of the type.
  std::string zero(const std::string& name, OnnxType type);
  // Whole numbers with the scale steps[i] in row i of the first dimension. Stored as NAME.int8 or
  // NAME.int32, depending on `type`, with NAME.scale, and a DequantizeLinear to the float32 that
  // nodes read.
  std::string stepped(const std::string& name, OnnxType type, const std::vector<std::int64_t>& dims,
                      std::span<const std::int32_t> counts, std::span<const float> steps);

  std::string content(const OnnxFacts& facts) const;

 private:
  void tensor(const std::string& name, OnnxType type, const std::vector<std::int64_t>& dims,
              const std::string& bytes);

  protobuf::Message graph_;
};

}  // namespace fer::graph
