#include "fer/nn/pool_kernels.h"

namespace fer {

extern const PoolKernels k_pool_kernels_baseline;
#if FER_X86_KERNELS
extern const PoolKernels k_pool_kernels_avx2;
extern const PoolKernels k_pool_kernels_avx512;
#endif

PoolKernelList runnable_pool_kernels() {
  PoolKernelList list{{&k_pool_kernels_baseline, nullptr, nullptr}, 1};
#if FER_X86_KERNELS
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    list.items[list.count++] = &k_pool_kernels_avx2;
  }
  if (__builtin_cpu_supports("avx512f")) list.items[list.count++] = &k_pool_kernels_avx512;
#endif
  return list;
}

const PoolKernels& pool_kernels() {
  static const PoolKernelList list = runnable_pool_kernels();
  return *list.items[list.count - 1];
}

}  // namespace fer
