// The output of a command. Results go to `results()`, everything else to the Log; the programs in
// apps/ decide how both look (spdlog, progress bar, colours), and tests record them.
#pragma once

#include <atomic>
#include <ostream>
#include <string>

#include "fer/core/log.h"

namespace fer::commands {

class Console : public Log {
 public:
  virtual std::ostream& results() = 0;  // stdout

  // From now on notices are also written, without colour, to this file.
  virtual void log_to(const std::string& path) = 0;

  // Set by Ctrl-C (SIGINT) or SIGTERM: the command must finish the current piece of work, save and
  // return.
  virtual const std::atomic<bool>& stop_requested() const = 0;

  // Whether stdout is a terminal with colours.
  virtual bool colour() const = 0;
};

}  // namespace fer::commands
