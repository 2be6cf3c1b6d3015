// The console of the programs: spdlog on stderr, results on stdout, a progress bar on terminals.
#pragma once

#include <memory>
#include <string>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/core/option_spelling.h"

namespace fer {

struct TerminalOptions {
  commands::LogLevel log_level = commands::LogLevel::info;
  bool quiet = false;            // warnings and errors only, no progress
  OptionSpelling spelling = {};  // of options in notices
};

std::unique_ptr<commands::Console> make_terminal_console(const TerminalOptions& options);

// From now on SIGINT, SIGTERM and SIGHUP set the console's stop_requested(); another one that comes
// at least a second later ends the program at once.
void catch_stop_signals();

}  // namespace fer
