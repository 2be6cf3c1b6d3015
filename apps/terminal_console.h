// The console of a real terminal: spdlog on stderr, results on stdout, a progress bar where a
// person looks.
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
  OptionSpelling spelling = {};  // of the options that notices name
};

std::unique_ptr<commands::Console> make_terminal_console(const TerminalOptions& options);

// From now on SIGINT, SIGTERM and SIGHUP set the console's stop_requested(); one that comes a
// second later ends at once.
void catch_stop_signals();

}  // namespace fer
