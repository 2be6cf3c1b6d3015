// Several ranks on this machine, started by ourselves.
#pragma once

#include <atomic>

#include "fer/core/log.h"

namespace fer::ranks {

// The most that start_processes() starts.
inline constexpr int kMostProcesses = 256;

// Starts the running program `count` times with its own command line, each as one rank of `count`
// (ranks/launcher.h), and waits until all have ended. When one ends with an error, the others are
// given some seconds to end by themselves and are ended then; so are all when this process is. Once
// `stop` is set, all get SIGTERM. @return 0, or the exit code of the process that failed first, 128
// and the signal's number where a signal ended it, which the log says. @throws fer::Error where no
// process can be started.
int start_processes(int count, Log& log, const std::atomic<bool>& stop);

}  // namespace fer::ranks
