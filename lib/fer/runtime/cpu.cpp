#include "fer/runtime/cpu.h"

#if FER_X86_KERNELS
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::runtime {

namespace {

constexpr std::array<std::string_view, 6> kNames = {"baseline",    "avx2",        "avx512",
                                                    "avx512_vnni", "avx512_bf16", "avx512_amx"};

#if FER_X86_KERNELS

// Intel SDM volume 2A, CPUID leaf 7: EDX bit 22 is AMX-BF16, bit 24 AMX-TILE. The system grants the
// registers on demand (Linux' Documentation/arch/x86/xstate.rst), to the whole process.
bool has_amx() {
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
  const bool has = (edx >> 22 & 1U) != 0 && (edx >> 24 & 1U) != 0;
  return has && syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

#endif

std::vector<Instructions> detect() {
  std::vector<Instructions> found = {Instructions::baseline};
#if FER_X86_KERNELS
  // These builtins also check whether the operating system saves the registers.
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return found;
  found.push_back(Instructions::avx2);
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq")) {
    return found;
  }
  found.push_back(Instructions::avx512);
  if (!__builtin_cpu_supports("avx512vnni")) return found;
  found.push_back(Instructions::avx512_vnni);
  if (!__builtin_cpu_supports("avx512bf16")) return found;
  found.push_back(Instructions::avx512_bf16);
  if (has_amx()) found.push_back(Instructions::avx512_amx);
#endif
  return found;
}

}  // namespace

std::string_view name_of(Instructions instructions) {
  return kNames[static_cast<std::size_t>(instructions)];
}

const std::vector<Instructions>& runnable_instructions() {
  static const std::vector<Instructions> runnable = detect();
  return runnable;
}

Instructions chosen_instructions() {
  const char* wanted = std::getenv("FER_CPU");
  const std::vector<Instructions>& runnable = runnable_instructions();
  if (wanted == nullptr || *wanted == '\0') return runnable.back();
  const auto is_wanted = [&](Instructions some) { return name_of(some) == wanted; };
  const auto found = std::find_if(runnable.begin(), runnable.end(), is_wanted);
  if (found != runnable.end()) return *found;
  std::vector<std::string> names;
  for (const Instructions some : runnable) names.emplace_back(name_of(some));
  throw Error("FER_CPU is " + quote(wanted) + "; this processor runs: " + join(names, ", "));
}

}  // namespace fer::runtime
