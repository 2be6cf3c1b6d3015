// Describes a program and its commands. run_app parses by it, and help is written from it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/commands/engine.h"
#include "fer/core/option_table.h"
#include "fer/core/options.h"

namespace fer {

// A command line that the help shows, and what it does.
struct Example {
  std::string line;
  std::string effect;
};

// One thing a program can do. A program has one, or several with names (fer-data check).
struct Command {
  std::string name;         // of the subcommand; empty for a program that does one thing
  std::string description;  // first line of --help
  std::vector<Example> examples;
  std::function<int(commands::Console&)> run;
  // The option whose folder has a config.json that is read before --config (--resume RUN reads
  // RUN/config.json). Empty: there is none.
  std::string config_folder_option = {};
  // Whether `run` looks at the console's stop_requested(): Ctrl-C then lets it end by itself. Any
  // other command just ends.
  bool stops_by_itself = false;

  // command_of() sets these three.
  VisitOptions options = {};  // bound to the option struct that `run` reads
  const commands::CommonOptions* common = nullptr;
  std::function<void()> check = [] {};  // validate() of that struct
};

// `described`, bound to the option struct that its `run` reads. If the struct has a validate(), the
// program calls it before `run`, and exits with 2 where it throws (run_app.h).
template <class Options>
Command command_of(Options& options, Command described) {
  described.options = visiting(options);
  described.common = &options.common;
  if constexpr (requires { options.validate(); }) {
    described.check = [&options] { options.validate(); };
  }
  return described;
}

struct Program {
  std::string name;
  std::string description;
  commands::Engine engine;
  std::vector<Command> commands;

  bool has_subcommands() const { return !commands.front().name.empty(); }
  // The names of the subcommands; none where there are none.
  std::vector<std::string> command_names() const;
  // "fer-train", "fer-data check".
  std::string call(const Command& command) const;
  // The subcommand of that name; the only command where there are none. Null where it is unknown.
  const Command* find(const std::string& command_name) const;
};

// The options of a command and those that every command has from its frame: --config, --help, …
std::vector<OptionGroup> all_options(const Program& program, const Command& command);

}  // namespace fer
