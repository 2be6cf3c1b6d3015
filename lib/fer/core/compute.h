// The resources that a long computation runs on.
#pragma once

#include <cstdint>
#include <string>

namespace fer {

struct Compute {
  std::string device = "cpu";  // as the option `device` has it
  int threads = 1;
  std::int64_t seed = 0;  // of all randomness
};

}  // namespace fer
