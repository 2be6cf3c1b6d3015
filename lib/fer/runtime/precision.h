// How exactly networks are computed, and which instructions are good at what.
#pragma once

#include "fer/runtime/cpu.h"

namespace fer::runtime {

// How maps and weights are kept; sums are float32, or int32 of int8. In int8 are the layers that
// have a scale for it (graph/eight_bit.h); the others are in bfloat16 where the instructions have
// it.
enum class Precision { float32, bfloat16, int8 };

// Whether these instructions multiply bfloat16 faster than float32.
bool runs_bfloat16(Instructions instructions);

// Whether they run networks in int8 faster than in any other precision. All can do it.
bool prefers_int8(Instructions instructions);

}  // namespace fer::runtime
