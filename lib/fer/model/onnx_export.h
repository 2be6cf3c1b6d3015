// Models as ONNX files for other toolkits. docs/export.md describes the files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/model/named_models.h"

namespace fer::model {

// How the file stores matrices and kernels. int8: for models that have scales alone; what such
// layers read is rounded to 8 bits, too.
enum class OnnxPrecision { float32, float16, int8 };
std::span<const std::string_view> choice_names(OnnxPrecision);

struct OnnxExport {
  // The network alone: float32 `input` [N,channels,side,side], normalised, -> float32 `logits`
  // [N,C]. Else everything: uint8 `faces` [N,side,side], of colours [N,side,side,3], -> float32
  // `probabilities` [N,C].
  bool raw = false;
  OnnxPrecision precision = OnnxPrecision::float32;
};

// The bytes of a file. models: those of load_models; several are the mean of their probabilities.
// shares: one each, adding up to 1; a model with none is left out. @throws fer::Error as graph_of
// does, for models that take different faces, for a weight that is too large for float16, for int8
// of a model without scales;
// fer::OptionError where several are to be `raw`.
std::string onnx_of(const std::vector<NamedModel>& models, std::span<const double> shares,
                    const OnnxExport& options);

// What onnx_of's files map: "faces uint8 [N,48,48] -> probabilities float32 [N,7]".
std::string onnx_signature(const ModelInfo& info, const OnnxExport& options);

}  // namespace fer::model
