#include "fer/runtime/kernels/table.h"

#include <algorithm>
#include <vector>

namespace fer::runtime {

extern const Kernels k_kernels_baseline;
#if FER_X86_KERNELS
extern const Kernels k_kernels_avx2;
extern const Kernels k_kernels_avx512;
extern const Kernels k_kernels_avx512_vnni;
extern const Kernels k_kernels_avx512_bf16;
extern const Kernels k_kernels_avx512_amx;
extern const Kernels k_kernels_emulated_amx;
#endif

const Kernels& kernels_for(Instructions instructions) {
  switch (instructions) {
#if FER_X86_KERNELS
    case Instructions::avx2:
      return k_kernels_avx2;
    case Instructions::avx512:
      return k_kernels_avx512;
    case Instructions::avx512_vnni:
      return k_kernels_avx512_vnni;
    case Instructions::avx512_bf16:
      return k_kernels_avx512_bf16;
    case Instructions::avx512_amx:
      return k_kernels_avx512_amx;
#endif
    default:
      return k_kernels_baseline;
  }
}

const Kernels* emulated_amx_kernels() {
#if FER_X86_KERNELS
  const std::vector<Instructions>& runnable = runnable_instructions();
  const auto found = std::find(runnable.begin(), runnable.end(), Instructions::avx512_bf16);
  return found == runnable.end() ? nullptr : &k_kernels_emulated_amx;
#else
  return nullptr;
#endif
}

}  // namespace fer::runtime
