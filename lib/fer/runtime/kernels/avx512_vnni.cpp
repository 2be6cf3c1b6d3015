#include "fer/runtime/kernels/kernels_impl.h"

namespace fer::runtime {

extern const Kernels k_kernels_avx512_vnni;
const Kernels k_kernels_avx512_vnni = kernels_of_this_file();

}  // namespace fer::runtime
