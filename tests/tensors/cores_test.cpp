#include "fer/tensors/cores.h"

#include <ATen/Parallel.h>

#include <thread>

#include "support/catch.h"

namespace fer::tensors {
namespace {

TEST_CASE("A thread's cores are its own business", "[model][unit]") {
  const int before = at::get_num_threads();
  at::set_num_threads(2);
  int there = 0, fewest = 0;
  std::thread([&] {
    use_cores(1);
    // The first parallel_for of a thread may set its number.
    at::parallel_for(0, 8, 1, [](std::int64_t, std::int64_t) {});
    there = at::get_num_threads();
    use_cores(0);
    fewest = at::get_num_threads();
  }).join();
  CHECK(there == 1);
  CHECK(fewest == 1);
  CHECK(at::get_num_threads() == 2);
  at::set_num_threads(before);
}

}  // namespace
}  // namespace fer::tensors
