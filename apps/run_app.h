// The main function of every program: parses the command line and config file, runs a command, and
// returns the exit code.
#pragma once

#include "command.h"

namespace fer {

// Parses, applies defaults < config < command line, checks (Command::check), and runs. Exceptions
// become a line on stderr and an exit code: 2 for every error before the run, in the command line,
// a config file or their combination; 1 for a user's error in the run; 3 for an internal error. The
// run itself returns 0 for success and 130 if it was interrupted. Besides --help, --help-all and
// --version every program prints texts that are generated from its options: --completion bash|zsh,
// a script for that shell; --help-man, a manual page; and [COMMAND] --help-markdown
// GROUP[,GROUP...], tables for docs/cli.md. Help does not list these.
int run_app(int argc, char** argv, const Program& program);

}  // namespace fer
