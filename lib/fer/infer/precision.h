// The numeric precision of networks in prediction and evaluation.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/model/model_info.h"
#include "fer/runtime/precision.h"

namespace fer::infer {

// automatic ("auto"): the fastest precision of this processor; int8 only for models with scales.
enum class Precision { automatic, float32, bfloat16, int8 };
std::span<const std::string_view> choice_names(Precision);

inline constexpr const char* kPrecisionHelp =
    "Numeric precision of classifier and detector: float32 gives the same classes on every "
    "processor (numbers differ from the seventh digit on), auto takes the fastest precision of "
    "this processor for each; int8 is possible only for models with scales (fer-model quantize), "
    "and leaves the detector in float32";

// @throws fer::Error for a name that is none of the choices.
Precision precision_named(std::string_view name);

// The precision in which this model runs on this machine; `origin` names its file. @throws
// fer::Error for bfloat16 on a processor without it, and for int8 of a model without scales.
runtime::Precision resolved(Precision precision, const model::ModelInfo& model,
                            const std::string& origin);

// The detector's precision where this one is asked for. Detectors have no scales, so this is
// bfloat16 for bfloat16 and auto where the processor has it, and float32 otherwise. (Where it has
// none, resolved() refuses bfloat16.)
runtime::Precision precision_of_detectors(Precision precision);

// "float32", "bfloat16" or "int8".
std::string_view name_of(runtime::Precision precision);

// The names of several models' precisions, each once: "int8, float32".
std::string names_of(const std::vector<runtime::Precision>& precisions);

}  // namespace fer::infer
