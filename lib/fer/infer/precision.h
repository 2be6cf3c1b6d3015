// How exactly networks are computed in prediction and evaluation.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fer/runtime/executable.h"

namespace fer::infer {

// automatic ("auto"): bfloat16 where this processor multiplies it faster, else float32.
enum class Precision { automatic, float32, bfloat16 };
std::span<const std::string_view> choice_names(Precision);

// @throws fer::Error for a name that is none of the choices.
Precision precision_named(std::string_view name);

// What it comes to on this machine. @throws fer::Error for bfloat16 on a processor without it.
runtime::Precision resolved(Precision precision);

// Of what runs: "float32" or "bfloat16".
std::string_view name_of(runtime::Precision precision);

}  // namespace fer::infer
