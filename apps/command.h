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

// An example in help: a command line and its effect.
struct Example {
  std::string line;
  std::string effect;
};

// A command of a program. A program has one, or several with names (fer-data check).
struct Command {
  std::string name;         // of the subcommand; empty if it is the only command
  std::string description;  // first line of --help
  std::vector<Example> examples;
  std::function<int(commands::Console&)> run;
  // The option of a folder with a config.json that is read before --config (--resume RUN reads
  // RUN/config.json); may be empty.
  std::string config_folder_option = {};
  // Whether `run` checks the console's stop_requested(), so that it ends by itself after Ctrl-C.
  // Other commands are ended at once.
  bool stops_by_itself = false;

  // command_of() sets these three.
  VisitOptions options = {};  // bound to the option struct that `run` reads
  const commands::CommonOptions* common = nullptr;
  std::function<void()> check = [] {};  // validate() of that struct
};

// Binds `described` to the option struct that its `run` reads. If the struct has a validate(), the
// program calls it before `run`, and exits with 2 if it throws (run_app.h).
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
  // The names of the subcommands; may be empty.
  std::vector<std::string> command_names() const;
  // "fer-train", "fer-data check".
  std::string call(const Command& command) const;
  // The subcommand of that name; without subcommands the only command. Null for an unknown name.
  const Command* find(const std::string& command_name) const;
};

// The options of a command and the general ones of every command: --config, --help, …
std::vector<OptionGroup> all_options(const Program& program, const Command& command);

}  // namespace fer
