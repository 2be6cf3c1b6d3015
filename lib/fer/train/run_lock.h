// Allows one process for each run folder.
#pragma once

#include "fer/train/run_folder.h"

namespace fer::train {

// Holds a run folder while it lives; the kernel releases it at any end of the process.
class RunLock {
 public:
  // @throws fer::Error if another process holds it. Does nothing on a file system without locks.
  explicit RunLock(const RunFolder& folder);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace fer::train
