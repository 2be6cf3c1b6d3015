#include "fer/tensors/cores.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace fer::tensors {

void use_cores(int count) {
  // The first call on a thread sets the number to the process's. LibTorch remembers that call in a
  // variable of an inline function, of which its libraries and this code have separate copies.
  at::get_num_threads();
  at::internal::lazy_init_num_threads();
  // Sets the numbers of OpenMP and of MKL for this thread.
  at::set_num_threads(std::max(count, 1));
}

}  // namespace fer::tensors
