// Plain data parallelism for work outside LibTorch: reading, decoding, drawing.
#pragma once

#include <cstdint>
#include <functional>

namespace fer {

// Calls `work(i)` for each i in [0, count) on up to `threads` threads, in contiguous ranges. The
// exception of the lowest failing range is thrown once all threads have ended.
void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& work);

}  // namespace fer
