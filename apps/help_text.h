// The texts of --help and --help-all.
#pragma once

#include <cstddef>
#include <string>

#include "command.h"

namespace fer {

// Usage, examples, the most important options, and a pointer to the others.
std::string short_help(const Program& program, const Command& command, std::size_t columns);

// Usage, and all options in their groups.
std::string full_help(const Program& program, const Command& command, std::size_t columns);

// The list of a program's subcommands.
std::string commands_help(const Program& program, std::size_t columns);

// $COLUMNS, otherwise the columns of the terminal on stdout, at most 100; 100 without a terminal.
std::size_t help_columns();

}  // namespace fer
