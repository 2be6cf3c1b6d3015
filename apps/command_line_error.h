// Errors of the command line, in fer's words instead of CLI11's.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "command.h"

namespace fer {

// One line with the wrong word and what is allowed in its place. `app` parsed `words` and failed
// with `error`.
std::string command_line_error(const CLI::ParseError& error, const CLI::App& app,
                               const Program& program, const std::vector<std::string>& words);

}  // namespace fer
