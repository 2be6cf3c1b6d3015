#include "fer/infer/precision.h"

#include <algorithm>
#include <string>
#include <vector>

#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::infer {

std::span<const std::string_view> choice_names(Precision) {
  static constexpr std::string_view kNames[] = {"auto", "float32", "bfloat16", "int8"};
  return kNames;
}

Precision precision_named(std::string_view name) {
  const auto names = choice_names(Precision{});
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<Precision>(found - names.begin());
  throw Error("unknown precision " + quote(name) +
              "; allowed: " + join({names.begin(), names.end()}, ", "));
}

runtime::Precision resolved(Precision precision, const model::ModelInfo& model,
                            const std::string& origin) {
  if (precision == Precision::float32) return runtime::Precision::float32;
  const runtime::Instructions instructions = runtime::chosen_instructions();
  const bool has_scales = !model.eight_bit.of_inputs.empty();
  if (precision == Precision::int8 && !has_scales) {
    throw OptionError("precision", "int8",
                      origin +
                          " has no scales for 8-bit integers; `fer-model quantize` writes a "
                          "model with them; allowed: auto, float32, bfloat16");
  }
  const bool takes_int8 =
      precision == Precision::int8 ||
      (precision == Precision::automatic && has_scales && runtime::prefers_int8(instructions));
  if (takes_int8) return runtime::Precision::int8;
  if (runtime::runs_bfloat16(instructions)) return runtime::Precision::bfloat16;
  if (precision == Precision::automatic) return runtime::Precision::float32;
  throw OptionError("precision", "bfloat16",
                    "this processor has no products of bfloat16 (it runs " +
                        std::string(runtime::name_of(instructions)) + "); allowed: auto, float32" +
                        (has_scales ? ", int8" : ""));
}

runtime::Precision precision_of_detectors(Precision precision) {
  const bool fast = precision == Precision::bfloat16 || precision == Precision::automatic;
  return fast && runtime::runs_bfloat16(runtime::chosen_instructions())
             ? runtime::Precision::bfloat16
             : runtime::Precision::float32;
}

std::string_view name_of(runtime::Precision precision) {
  switch (precision) {
    case runtime::Precision::float32:
      return "float32";
    case runtime::Precision::bfloat16:
      return "bfloat16";
    case runtime::Precision::int8:
      break;
  }
  return "int8";
}

std::string names_of(const std::vector<runtime::Precision>& precisions) {
  std::vector<std::string> names;
  for (const runtime::Precision precision : precisions) {
    const std::string name(name_of(precision));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return join(names, ", ");
}

}  // namespace fer::infer
