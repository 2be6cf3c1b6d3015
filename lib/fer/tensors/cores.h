// How many cores LibTorch's operators use.
#pragma once

namespace fer::tensors {

// Sets it for the calling thread, from now on; `count` is at least 1. For threads that share the
// machine with others that are just as busy, and inside at::parallel_for: oneDNN would otherwise
// divide its work among threads that do not exist there, and wait for them.
void use_cores(int count);

}  // namespace fer::tensors
