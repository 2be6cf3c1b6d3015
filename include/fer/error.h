// The exception type for everything that a user can cause.
#pragma once

#include <stdexcept>

namespace fer {

// A mistake in the caller's input (a file, an option, pixels) or a failure of the environment (disk
// full, camera gone). The message names the file, row or option, the bad value and what is allowed.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace fer
