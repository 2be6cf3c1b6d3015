#include "fer/nn/norm_kernels.h"

namespace fer {

extern const NormKernels k_norm_kernels_baseline;
#if FER_X86_KERNELS
extern const NormKernels k_norm_kernels_avx2;
extern const NormKernels k_norm_kernels_avx512;
#endif

NormKernelList runnable_norm_kernels() {
  NormKernelList list{{&k_norm_kernels_baseline, nullptr, nullptr}, 1};
#if FER_X86_KERNELS
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    list.items[list.count++] = &k_norm_kernels_avx2;
  }
  if (__builtin_cpu_supports("avx512f")) list.items[list.count++] = &k_norm_kernels_avx512;
#endif
  return list;
}

const NormKernels& norm_kernels() {
  static const NormKernelList list = runnable_norm_kernels();
  return *list.items[list.count - 1];
}

}  // namespace fer
