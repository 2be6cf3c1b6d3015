// What --help and --help-all print.
#pragma once

#include <cstddef>
#include <string>

#include "command.h"

namespace fer {

// Usage, examples, the options that most people need first, and where the others are.
std::string short_help(const Program& program, const Command& command, std::size_t columns);

// Usage, and all options in their groups.
std::string full_help(const Program& program, const Command& command, std::size_t columns);

// The list of a program's subcommands.
std::string commands_help(const Program& program, std::size_t columns);

// Columns of the terminal on stdout, at most 100; 100 where there is none. $COLUMNS goes before it.
std::size_t help_columns();

}  // namespace fer
