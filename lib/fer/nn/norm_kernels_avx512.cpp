#include "fer/nn/norm_kernels_impl.h"

namespace fer::nn {

extern const NormKernels k_norm_kernels_avx512;
const NormKernels k_norm_kernels_avx512{"avx512", loops<float>(), loops<std::uint16_t>()};

}  // namespace fer::nn
