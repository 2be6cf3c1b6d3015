// How many cores LibTorch's operators use.
#pragma once

namespace fer::tensors {

// Sets it for the calling thread, and for threads that are yet to start; `count` is at least 1. For
// threads that share the machine with others that are just as busy: oneDNN and MKL would otherwise
// divide each thread's work among all cores, wait for them, and add in another order.
void use_cores(int count);

}  // namespace fer::tensors
