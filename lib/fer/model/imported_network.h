// The network of an ONNX file of others, used as it is: what a model file of architecture "onnx"
// holds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/model/input_spec.h"

namespace fer::model {

inline constexpr std::string_view kOnnxArchitecture = "onnx";
// The tensor of a model file that has the bytes of the ONNX file.
inline constexpr std::string_view kOnnxTensor = "onnx/file";
// The largest ONNX file that is read; VGG-Face, the largest of its kind, has 580 million bytes.
inline constexpr std::size_t kMostOnnxBytes = 1'000'000'000;

// What an ONNX file does not say of its network.
struct OnnxUse {
  bool channels_last = false;           // the layout of its input is nhwc, else nchw
  bool probabilities = false;           // what it puts out; else logits
  std::string output = {};              // which of several outputs; empty: its only one
  std::vector<std::int64_t> rows = {};  // of the output: one for each class; empty: all of it
  std::int64_t numbers = 0;             // of the output, where `rows` are some of them

  bool operator==(const OnnxUse&) const = default;
};

struct ImportedNetwork {
  graph::Graph graph;  // its one output is a vector with a number for each class
  // Whether the output is a softmax's; else its numbers are logits.
  bool probabilities = false;
  std::int64_t outputs = 0;                   // how many numbers
  graph::ValueId own_output = graph::kInput;  // before any choose_rows
  std::int64_t parameters = 0;                // of the file
};

// `onnx`: the bytes of the file; `origin` names it in messages. @throws fer::Error that starts with
// origin: it is no such network, has an operator that is not known, or does not fit what `input`,
// `use` and the number of classes say.
ImportedNetwork read_imported(std::string_view onnx, const InputSpec& input, const OnnxUse& use,
                              std::size_t classes, const std::string& origin);

// Puts out these rows of what it did, in their order.
void choose_rows(ImportedNetwork& network, const std::vector<std::int64_t>& rows);

}  // namespace fer::model
