// Model files: their metadata, and their weights as plain arrays.
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
  // The network of an ONNX file (ModelInfo::is_imported), in place of weights.
  std::shared_ptr<const ImportedNetwork> imported = {};

  // The number of trained numbers.
  std::int64_t parameters() const;
};

// @throws fer::Error that names the file and says why it is not a model: not safetensors, header
// larger than the file, metadata missing or out of range. graph_of() checks whether the weights fit
// the network.
Model read_model(const std::filesystem::path& path);

// The network, with logits [C] as its only output (or probabilities, see ImportedNetwork), and the
// layers' scales for 8-bit integers that the file has. `origin` names the file. @throws fer::Error
// that starts with `origin`, for an unknown architecture, a tensor that is missing, superfluous,
// misshapen or not finite, and a scale for an unknown layer.
graph::Graph graph_of(const Model& model, const std::string& origin);

// An imported model: `info` with kOnnxArchitecture, `onnx`: the bytes of a third-party ONNX file,
// which `origin` names. @throws fer::Error as read_imported does.
Model imported_model(ModelInfo info, std::string_view onnx, const std::string& origin);
// Writes an imported model as a new file. @throws fer::Error if the file exists or cannot be
// written.
void write_imported(const ModelInfo& info, std::string_view onnx, const std::filesystem::path& to);

// Writes the tensors of a model file into a new file with `info`. Matrices and kernels, nearly all
// of the size, are stored as `precision`. Vectors stay float32, because the variance of a
// normalisation may be too large or too small for float16. @throws fer::Error as read_model and
// graph_of do, for a weight that is too large for float16, for float16 of an imported model, and if
// `to` cannot be written, or exists and must be kept.
void rewrite_model(const std::filesystem::path& from, const ModelInfo& info,
                   WeightPrecision precision, const std::filesystem::path& to,
                   Existing existing = Existing::replaced);

}  // namespace fer::model
