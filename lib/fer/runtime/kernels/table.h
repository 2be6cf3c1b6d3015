// The kernels for a set of instructions.
#pragma once

#include "fer/runtime/cpu.h"
#include "fer/runtime/kernels/kernels.h"

namespace fer::runtime {

// Only for runnable_instructions().
const Kernels& kernels_for(Instructions instructions);

// The kernels of avx512_amx with AMX's instructions in plain code, for tests; null if the processor
// lacks the other instructions that they need.
const Kernels* emulated_amx_kernels();

}  // namespace fer::runtime
