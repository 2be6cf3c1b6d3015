// A model as its file has it: what it says of itself, and its weights as plain arrays.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "fer/core/atomic_file.h"
#include "fer/graph/graph.h"
#include "fer/graph/weights.h"
#include "fer/model/model_info.h"
#include "fer/model/weight_precision.h"

namespace fer::model {

struct Model {
  ModelInfo info;
  graph::Weights weights;
  // What an ONNX file holds (ModelInfo::is_imported), in place of weights.
  std::shared_ptr<const ImportedNetwork> imported = {};

  // Trained numbers.
  std::int64_t parameters() const;
};

// @throws fer::Error that names the file and says why it is not a model: not safetensors, header
// larger than the file, metadata missing or out of range. Whether the weights make the network is
// seen by graph_of.
Model read_model(const std::filesystem::path& path);

// The network, with logits [C] as its one output (or probabilities, where `imported` says so), and
// its layers' scales for 8-bit integers where the file has them. `origin` names the file. @throws
// fer::Error that starts with it: unknown architecture, a tensor that is missing, superfluous,
// misshapen or not finite, a scale of a layer it has not.
graph::Graph graph_of(const Model& model, const std::string& origin);

// A model of a stranger's ONNX file: `info` with kOnnxArchitecture, `onnx` the bytes of the file.
// `origin` names it. @throws fer::Error as read_imported does.
Model imported_model(ModelInfo info, std::string_view onnx, const std::string& origin);
// Such a model as one file, which must not be there. @throws fer::Error where it cannot be written.
void write_imported(const ModelInfo& info, std::string_view onnx, const std::filesystem::path& to);

// Writes the tensors of a model file again, under `info`. Matrices and kernels are stored as
// `precision`: they are nearly all of its size. Vectors stay float32, since the variance of a
// normalisation may be too large or too small for float16. @throws fer::Error as read_model and
// graph_of do, for a weight that is too large for float16, for float16 of an ONNX file, which stays
// as it is, and where `to` cannot be written, or is there and to be kept.
void rewrite_model(const std::filesystem::path& from, const ModelInfo& info,
                   WeightPrecision precision, const std::filesystem::path& to,
                   Existing existing = Existing::replaced);

}  // namespace fer::model
