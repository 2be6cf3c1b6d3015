#include "fer/nn/norm_kernels_impl.h"

namespace fer::nn {

extern const NormKernels k_norm_kernels_avx2;
const NormKernels k_norm_kernels_avx2{"avx2", loops<float>(), loops<std::uint16_t>()};

}  // namespace fer::nn
