// Sets the number of cores that LibTorch's operators use.
#pragma once

namespace fer::tensors {

// For the calling thread and for threads that start later; `count` is at least 1. Needed in threads
// that run beside other busy threads: oneDNN and MKL would otherwise divide each thread's work
// among all cores, wait for them, and add in another order.
void use_cores(int count);

}  // namespace fer::tensors
