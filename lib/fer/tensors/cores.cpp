#include "fer/tensors/cores.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace fer::tensors {

void use_cores(int count) {
  // The first call on a thread sets it to the process's number. LibTorch remembers that there was
  // one in a variable of an inline function, of which its libraries have a copy and we another.
  at::get_num_threads();
  at::internal::lazy_init_num_threads();
  // OpenMP's number for this thread, and MKL's, which is another.
  at::set_num_threads(std::max(count, 1));
}

}  // namespace fer::tensors
