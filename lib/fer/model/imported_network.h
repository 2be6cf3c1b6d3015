// An imported network: a third-party ONNX file, kept unchanged in a model file of architecture
// "onnx".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/model/input_spec.h"

namespace fer::model {

inline constexpr std::string_view kOnnxArchitecture = "onnx";
// The tensor of a model file that holds the bytes of the ONNX file.
inline constexpr std::string_view kOnnxTensor = "onnx/file";
// The largest ONNX file that is read; VGG-Face, the largest known one, has 580 million bytes.
inline constexpr std::size_t kMostOnnxBytes = 1'000'000'000;

// What is not in an ONNX file: how to use its network.
struct OnnxUse {
  bool channels_last = false;           // the layout of its input is nhwc; otherwise nchw
  bool probabilities = false;           // its output; otherwise logits
  std::string output = {};              // the output to use; empty: the only one
  std::vector<std::int64_t> rows = {};  // of the output, one for each class; empty: all
  std::int64_t numbers = 0;             // in the output, if `rows` are only some of it

  bool operator==(const OnnxUse&) const = default;
};

struct ImportedNetwork {
  graph::Graph graph;  // its only output is a vector with a number for each class
  // Whether the output is a softmax; otherwise its numbers are logits.
  bool probabilities = false;
  std::int64_t outputs = 0;                   // size of the output
  graph::ValueId own_output = graph::kInput;  // the output before any choose_rows()
  std::int64_t parameters = 0;                // of the file
};

// `onnx`: the bytes of the file; `origin` names it in messages. @throws fer::Error that starts with
// origin, for a file that is no such network, has an unknown operator, or does not fit `input`,
// `use` and the number of classes.
ImportedNetwork read_imported(std::string_view onnx, const InputSpec& input, const OnnxUse& use,
                              std::size_t classes, const std::string& origin);

// Reduces the output to these rows, in their order.
void choose_rows(ImportedNetwork& network, const std::vector<std::int64_t>& rows);

}  // namespace fer::model
