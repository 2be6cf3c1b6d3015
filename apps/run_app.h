// The frame around every program: command line and config file in, exit code out.
#pragma once

#include "command.h"

namespace fer {

// Parses, applies defaults < config < command line, checks (Command::check), and runs. Exceptions
// become a line on stderr and an exit code: 2 for every error that is found until then, in the
// command line, a config file or what they say together; 1 for one of a user that the run finds; 3
// for an internal one. The run itself returns 0 for success and 130 where it was interrupted.
// Besides --help, --help-all and --version every program prints what is made from its options:
// --completion bash|zsh, a script for that shell; --help-man, a manual page; and [COMMAND]
// --help-markdown GROUP[,GROUP...], tables for docs/cli.md. Help does not list these.
int run_app(int argc, char** argv, const Program& program);

}  // namespace fer
