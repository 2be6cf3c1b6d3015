#include "command.h"

namespace fer {

std::vector<std::string> Program::command_names() const {
  std::vector<std::string> names;
  if (!has_subcommands()) return names;
  for (const Command& command : commands) names.push_back(command.name);
  return names;
}

std::string Program::call(const Command& command) const {
  return command.name.empty() ? name : name + " " + command.name;
}

const Command* Program::find(const std::string& command_name) const {
  if (!has_subcommands()) return &commands.front();
  for (const Command& command : commands) {
    if (command.name == command_name) return &command;
  }
  return nullptr;
}

std::vector<OptionGroup> all_options(const Program& program, const Command& command) {
  const auto frame = [&](OptionVisitor& visitor) {
    command.options(visitor);
    visitor.group("General");
    std::string config;
    bool off = false;
    visitor.field(Field("config",
                        "JSON file with option values, as in {\"batch_size\": 64}; the command "
                        "line overrides it")
                      .file()
                      .essential(),
                  config);
    visitor.field(Field("help", "Show the options that most people need first, and stop"), off);
    visitor.field(Field("help_all", "Show all options in groups, and stop"), off);
    if (program.has_subcommands()) return;
    visitor.field(Field("version", "Show the versions of the program and its libraries, and stop"),
                  off);
  };
  return option_groups(frame);
}

}  // namespace fer
