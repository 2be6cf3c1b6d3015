// A number of threads for a test.
#pragma once

#include <ATen/Parallel.h>

namespace fer::test {

// Sets LibTorch's number of threads and restores it at the end.
class Threads {
 public:
  explicit Threads(int count) : before_(at::get_num_threads()) { at::set_num_threads(count); }
  ~Threads() { at::set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_;
};

}  // namespace fer::test
