// How many cores LibTorch's operators take.
#pragma once

namespace fer {

// Of the calling thread, from now on, at least 1: for threads that share the machine with others that
// are as busy. Also inside at::parallel_for, where oneDNN would otherwise plan with threads that never
// come, and wait for them.
void use_cores(int count);

}  // namespace fer
