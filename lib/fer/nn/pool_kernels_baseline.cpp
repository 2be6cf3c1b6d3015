#include "fer/nn/pool_kernels_impl.h"

namespace fer::nn {

extern const PoolKernels k_pool_kernels_baseline;
const PoolKernels k_pool_kernels_baseline{"baseline", pool, unpool, convolve, convolve_gradient};

}  // namespace fer::nn
