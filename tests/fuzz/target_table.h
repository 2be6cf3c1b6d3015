// The targets by their names.
#pragma once

#include <string_view>

namespace fer::fuzz {

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

#define FUZZ_TARGET(name) void name(std::string_view bytes);
#include "fuzz/targets.def"
#undef FUZZ_TARGET

inline constexpr Target kTargets[] = {
#define FUZZ_TARGET(name) {#name, name},
#include "fuzz/targets.def"
#undef FUZZ_TARGET
};

}  // namespace fer::fuzz
