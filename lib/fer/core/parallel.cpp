#include "fer/core/parallel.h"

#include <algorithm>
#include <exception>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace fer {

void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& work) {
  const std::int64_t ranges =
      std::clamp<std::int64_t>(threads, 1, std::max<std::int64_t>(count, 1));
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(ranges));
  const auto run = [&](std::int64_t range) {
    try {
      const std::int64_t end = count * (range + 1) / ranges;
      for (std::int64_t i = count * range / ranges; i < end; ++i) work(i);
    } catch (...) {
      failures[static_cast<std::size_t>(range)] = std::current_exception();
    }
  };
  std::vector<std::thread> helpers;
  helpers.reserve(static_cast<std::size_t>(ranges - 1));
  std::int64_t started = 1;
  try {
    for (; started < ranges; ++started) helpers.emplace_back(run, started);
  } catch (const std::system_error&) {  // the system gives no more threads: go on with fewer
  } catch (const std::bad_alloc&) {     // nor memory for them
  }
  run(0);
  for (std::int64_t range = started; range < ranges; ++range) run(range);
  for (std::thread& helper : helpers) helper.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace fer
