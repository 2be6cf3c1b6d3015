#include "fer/tensors/cores.h"

#include <ATen/Parallel.h>

#include <algorithm>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace fer::tensors {

void use_cores([[maybe_unused]] int count) {
#ifdef _OPENMP
  // The first call on a thread sets it to the process's number. LibTorch remembers that there was one
  // in a variable of an inline function, of which its libraries have a copy and we another.
  at::get_num_threads();
  at::internal::lazy_init_num_threads();
  omp_set_num_threads(std::max(count, 1));
#endif
}

}  // namespace fer::tensors
