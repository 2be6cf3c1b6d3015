#include "fer/nn/norm_kernels_impl.h"

namespace fer::nn {

extern const NormKernels k_norm_kernels_baseline;
const NormKernels k_norm_kernels_baseline{"baseline", loops<float>(), loops<std::uint16_t>()};

}  // namespace fer::nn
