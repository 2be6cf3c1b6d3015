// The entry points of libFuzzer. `fuzz_readers --target=NAME …`; --list prints the names, one on a
// line. libFuzzer ignores arguments that begin with two dashes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "fuzz/target_table.h"

namespace {

const fer::fuzz::Target* chosen = nullptr;

const fer::fuzz::Target* target_named(std::string_view name) {
  const auto* found = std::find_if(std::begin(fer::fuzz::kTargets), std::end(fer::fuzz::kTargets),
                                   [&](const auto& target) { return target.name == name; });
  return found == std::end(fer::fuzz::kTargets) ? nullptr : found;
}

void list() {
  for (const fer::fuzz::Target& target : fer::fuzz::kTargets) std::cout << target.name << '\n';
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  constexpr std::string_view kFlag = "--target=";
  for (int i = 1; i < *count; ++i) {
    const std::string_view argument = (*arguments)[i];
    if (argument == "--list") {
      list();
      std::exit(0);
    }
    if (argument.starts_with(kFlag)) chosen = target_named(argument.substr(kFlag.size()));
  }
  if (chosen == nullptr) {
    std::cerr << "fuzz_readers: error: --target=NAME is needed, with one of these:\n";
    list();
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
