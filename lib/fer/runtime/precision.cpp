#include "fer/runtime/precision.h"

#include "fer/runtime/kernels/table.h"

namespace fer::runtime {

bool runs_bfloat16(Instructions instructions) { return kernels_for(instructions).has_bfloat16; }

// Measured by fer-runtime-bench (docs/predict.md). Matrix registers multiply bfloat16 faster than
// these kernels do bytes, and NEON multiplies no pairs.
bool prefers_int8(Instructions instructions) {
#if defined(__x86_64__)
  return instructions != Instructions::avx512_amx;
#else
  static_cast<void>(instructions);
  return false;
#endif
}

}  // namespace fer::runtime
