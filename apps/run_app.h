// The frame around every program: command line and config file in, exit code out.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/core/options.h"

namespace fer {

// One thing a program can do. A program has one, or several with names (fer-data check).
struct Command {
  std::string name;         // of the subcommand; empty for a program that does one thing
  std::string description;  // first line of --help
  VisitOptions options;     // bound to the option struct that `run` reads
  const CommonOptions* common;
  std::function<int(Console&)> run;
  // Where the config comes from if --config is not given: an option's value and a file name in the
  // folder it names (--resume RUN reads RUN/config.json). Empty: nowhere.
  std::string config_folder_option;
  // Whether `run` looks at the console's stop_requested(): Ctrl-C then lets it end by itself. Any
  // other command just ends.
  bool stops_by_itself = false;
  // Looks at options that do not go together, before anything is done; what it throws is a mistake
  // of usage.
  std::function<void()> check = [] {};
};

// Parses, applies defaults < config < command line, runs, and turns exceptions into exit codes:
// 0 success, 1 user or runtime error (one line on stderr), 2 usage, 3 internal, 130 interrupted.
int run_app(int argc, char** argv, const std::string& program, const std::string& description,
            const std::vector<Command>& commands);

}  // namespace fer
