#include "fer/nn/pool_kernels.h"

namespace fer::nn {

extern const PoolKernels k_pool_kernels_baseline;
#if FER_X86_KERNELS
extern const PoolKernels k_pool_kernels_avx2;
extern const PoolKernels k_pool_kernels_avx512;
#endif

KernelList<PoolKernels> runnable_pool_kernels() {
#if FER_X86_KERNELS
  return runnable_kernels(k_pool_kernels_baseline, k_pool_kernels_avx2, k_pool_kernels_avx512);
#else
  return {{&k_pool_kernels_baseline, nullptr, nullptr}, 1};
#endif
}

const PoolKernels& pool_kernels() {
  static const PoolKernels& widest = runnable_pool_kernels().widest();
  return widest;
}

}  // namespace fer::nn
