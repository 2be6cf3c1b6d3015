// The one exception type for whatever a user can cause.
#pragma once

#include <stdexcept>

namespace fer {

// A mistake in what the user gave (a file, a flag, a key) or a failure of the world around the
// program (disk full, camera gone). The message names the file, row, flag or key, the bad value and
// what is allowed. Programmers' mistakes are not Errors; they assert or TORCH_CHECK.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace fer
