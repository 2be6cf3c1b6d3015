#include "fer/infer/precision.h"

#include <algorithm>
#include <string>
#include <vector>

#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::infer {

std::span<const std::string_view> choice_names(Precision) {
  static constexpr std::string_view kNames[] = {"auto", "float32", "bfloat16"};
  return kNames;
}

Precision precision_named(std::string_view name) {
  const auto names = choice_names(Precision{});
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<Precision>(found - names.begin());
  throw Error("unknown precision " + quote(name) +
              "; allowed: " + join({names.begin(), names.end()}, ", "));
}

runtime::Precision resolved(Precision precision) {
  if (precision == Precision::float32) return runtime::Precision::float32;
  const runtime::Instructions instructions = runtime::chosen_instructions();
  if (runtime::runs_bfloat16(instructions)) return runtime::Precision::bfloat16;
  if (precision == Precision::automatic) return runtime::Precision::float32;
  throw OptionError("precision", "bfloat16",
                    "this processor has no products of bfloat16 (it runs " +
                        std::string(runtime::name_of(instructions)) + "); allowed: auto, float32");
}

std::string_view name_of(runtime::Precision precision) {
  return precision == runtime::Precision::bfloat16 ? "bfloat16" : "float32";
}

}  // namespace fer::infer
