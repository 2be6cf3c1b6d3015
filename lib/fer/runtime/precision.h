// The numeric precisions of networks, and the instructions that are fast in each.
#pragma once

#include "fer/runtime/cpu.h"

namespace fer::runtime {

// The number type of maps and weights; sums are float32, or int32 for int8. With int8 only layers
// with a scale (graph/eight_bit.h) use int8; the others use bfloat16 if the instructions have it.
enum class Precision { float32, bfloat16, int8 };

// Whether these instructions multiply bfloat16 faster than float32.
bool runs_bfloat16(Instructions instructions);

// Whether these instructions run networks fastest in int8, which all of them can.
bool prefers_int8(Instructions instructions);

}  // namespace fer::runtime
