// The instructions that this room's kernels may use on this processor.
#pragma once

#include <string_view>
#include <vector>

namespace fer::runtime {

// In ascending order: each includes those before it. `baseline` is what every processor of the
// architecture has: SSE2 on x86-64, NEON on AArch64.
enum class Instructions { baseline, avx2, avx512, avx512_vnni, avx512_bf16, avx512_amx };

std::string_view name_of(Instructions instructions);

// The instructions that this processor runs and this build has kernels for, baseline first.
const std::vector<Instructions>& runnable_instructions();

// The best runnable instructions, or those that the environment variable FER_CPU names (baseline,
// avx2, avx512, avx512_vnni, avx512_bf16, avx512_amx), for tests and measurements. Reads FER_CPU at
// every call. @throws fer::Error if this processor cannot run them.
Instructions chosen_instructions();

}  // namespace fer::runtime
