// Starts several ranks on this machine.
#pragma once

#include <atomic>

#include "fer/core/log.h"

namespace fer::ranks {

// The most that start_processes() starts.
inline constexpr int kMostProcesses = 256;

// Starts the running program `count` times with its own command line, each as one rank of `count`
// (ranks/launcher.h), and waits until all have ended. When one ends with an error, the others have
// some seconds to end by themselves and are then killed. When this process ends, all get SIGTERM.
// Once `stop` is set, all get SIGTERM. @return 0, or the exit code of the process that failed
// first, or 128 plus the signal's number where a signal ended it, which is logged. @throws
// fer::Error where no process can be started.
int start_processes(int count, Log& log, const std::atomic<bool>& stop);

}  // namespace fer::ranks
