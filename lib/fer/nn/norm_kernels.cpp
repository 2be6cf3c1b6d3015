#include "fer/nn/norm_kernels.h"

namespace fer::nn {

extern const NormKernels k_norm_kernels_baseline;
#if FER_X86_KERNELS
extern const NormKernels k_norm_kernels_avx2;
extern const NormKernels k_norm_kernels_avx512;
#endif

KernelList<NormKernels> runnable_norm_kernels() {
#if FER_X86_KERNELS
  return runnable_kernels(k_norm_kernels_baseline, k_norm_kernels_avx2, k_norm_kernels_avx512);
#else
  return {{&k_norm_kernels_baseline, nullptr, nullptr}, 1};
#endif
}

const NormKernels& norm_kernels() {
  static const NormKernels& widest = runnable_norm_kernels().widest();
  return widest;
}

}  // namespace fer::nn
