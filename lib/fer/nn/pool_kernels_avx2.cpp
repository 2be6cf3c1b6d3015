#include "fer/nn/pool_kernels_impl.h"

namespace fer::nn {

extern const PoolKernels k_pool_kernels_avx2;
const PoolKernels k_pool_kernels_avx2{"avx2",           pool<Winner>, unpool,
                                      convolve<Winner>, pool_values,  convolve_values,
                                      convolve_gradient};

}  // namespace fer::nn
