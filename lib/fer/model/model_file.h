// A model as its file has it: what it says of itself, and its weights as plain arrays.
#pragma once

#include <filesystem>
#include <string>

#include "fer/graph/graph.h"
#include "fer/graph/weights.h"
#include "fer/model/model_info.h"
#include "fer/model/weight_precision.h"

namespace fer::model {

struct Model {
  ModelInfo info;
  graph::Weights weights;
};

// @throws fer::Error that names the file and says why it is not a model: not safetensors, header
// larger than the file, metadata missing or out of range. Whether the weights make the network is
// seen by graph_of.
Model read_model(const std::filesystem::path& path);

// The network, with logits [C] as its one output. `origin` names the file. @throws fer::Error that
// starts with it: unknown architecture, a tensor that is missing, superfluous, misshapen or not
// finite.
graph::Graph graph_of(const Model& model, const std::string& origin);

// Writes the tensors of a model file again, under `info`. Matrices and kernels are stored as
// `precision`: they are nearly all of its size. Vectors stay float32, since the variance of a
// normalisation may be too large or too small for float16. @throws fer::Error as read_model and
// graph_of do, for a weight that is too large for float16, and where `to` cannot be written.
void rewrite_model(const std::filesystem::path& from, const ModelInfo& info,
                   WeightPrecision precision, const std::filesystem::path& to);

}  // namespace fer::model
