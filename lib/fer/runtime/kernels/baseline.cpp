#include "fer/runtime/kernels/kernels_impl.h"

namespace fer::runtime {

extern const Kernels k_kernels_baseline;
const Kernels k_kernels_baseline = kernels_of_this_file();

}  // namespace fer::runtime
