// Properties of this processor.
#pragma once

namespace fer {

// Whether products in bfloat16 have instructions of their own (AVX512-BF16 or AMX); elsewhere they
// are emulated and slow.
bool processor_has_bf16();

// How many cores this process may run on, at least 1.
int usable_cores();

}  // namespace fer
