// How a command talks to the person who started it. Results go to `results()`, everything else
// through the notices of a Log; the programs in apps/ decide how both look (spdlog, progress bar,
// colours), tests read them back.
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

  // Set by Ctrl-C (SIGINT) or SIGTERM: finish the piece of work in hand, save, return.
  virtual const std::atomic<bool>& stop_requested() const = 0;

  // Whether a person looks at stdout on a terminal that shows colours.
  virtual bool colour() const = 0;
};

}  // namespace fer::commands
