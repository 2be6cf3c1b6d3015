// Which instructions the kernels of this room may use on this processor.
#pragma once

#include <string_view>
#include <vector>

namespace fer::runtime {

// In ascending order: each can do what those before it can. `baseline` is what the compiler may use
// anyway: SSE2 on x86-64, NEON on AArch64.
enum class Instructions { baseline, avx2, avx512, avx512_vnni, avx512_bf16, avx512_amx };

std::string_view name_of(Instructions instructions);

// The instructions that this processor runs and this build has kernels for, baseline first.
const std::vector<Instructions>& runnable_instructions();

// The best of them, or those that the environment variable FER_CPU names (baseline, avx2, avx512,
// avx512_vnni, avx512_bf16, avx512_amx), for tests and for whoever wants to know what they are
// worth. Read at every call. @throws fer::Error where it names others than this processor runs.
Instructions chosen_instructions();

}  // namespace fer::runtime
