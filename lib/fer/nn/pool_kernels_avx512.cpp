#include "fer/nn/pool_kernels_impl.h"

namespace fer::nn {

extern const PoolKernels k_pool_kernels_avx512;
const PoolKernels k_pool_kernels_avx512{"avx512", pool, unpool, convolve, convolve_gradient};

}  // namespace fer::nn
