// Models as ONNX files for other toolkits. docs/export.md describes the files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/model/named_models.h"

namespace fer::model {

// How the file stores matrices and kernels. int8: only for models with scales; it also rounds the
// inputs of layers to 8 bits.
enum class OnnxPrecision { float32, float16, int8 };
std::span<const std::string_view> choice_names(OnnxPrecision);

struct OnnxExport {
  // true: the network alone, float32 `input` [N,channels,side,side], normalised, -> float32
  // `logits` [N,C]. false: everything, uint8 `faces` [N,side,side] or, for rgb, [N,side,side,3], ->
  // float32 `probabilities` [N,C].
  bool raw = false;
  OnnxPrecision precision = OnnxPrecision::float32;
};

// The bytes of a file. models: of load_models(); the file of several computes the mean of their
// probabilities. shares: the weight of each model, with the sum 1; a model of weight 0 is left out.
// @throws fer::Error as graph_of does, for models that take different faces, for a weight that is
// too large for float16, for int8 of a model without scales; fer::OptionError where several are to
// be `raw`.
std::string onnx_of(const std::vector<NamedModel>& models, std::span<const double> shares,
                    const OnnxExport& options);

// Input and output of the file: "faces uint8 [N,48,48] -> probabilities float32 [N,7]".
std::string onnx_signature(const ModelInfo& info, const OnnxExport& options);

}  // namespace fer::model
