// One process a run folder.
#pragma once

#include "fer/train/run_folder.h"

namespace fer::train {

// Holds a run folder while it lives; the kernel lets go of it with the process, however that ends.
class RunLock {
 public:
  // @throws fer::Error where another process holds it. A file system without locks is let pass.
  explicit RunLock(const RunFolder& folder);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace fer::train
