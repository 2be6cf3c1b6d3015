// Models as ONNX files for other toolkits. docs/export.md describes the files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/model/named_models.h"
#include "fer/model/weight_precision.h"

namespace fer::model {

struct OnnxExport {
  // The network alone: float32 `input` [N,1,48,48], normalised, -> float32 `logits` [N,C]. Else
  // everything: uint8 `faces` [N,48,48] -> float32 `probabilities` [N,C].
  bool raw = false;
  WeightPrecision precision = WeightPrecision::float32;  // of matrices and kernels
};

// The bytes of a file. models: those of load_models; several are the mean of their probabilities.
// shares: one each, adding up to 1; a model with none is left out. @throws fer::Error as graph_of
// does, for a weight that is too large for float16; fer::OptionError where several are to be `raw`.
std::string onnx_of(const std::vector<NamedModel>& models, std::span<const double> shares,
                    const OnnxExport& options);

// Of onnx_of's files: "faces uint8 [N,48,48] -> probabilities float32 [N,7]".
std::string onnx_signature(const ModelInfo& info, const OnnxExport& options);

}  // namespace fer::model
