// The frame around every program: command line and config file in, exit code out.
#pragma once

#include "command.h"

namespace fer {

// Parses, applies defaults < config < command line, runs, and turns exceptions into exit codes:
// 0 success, 1 user or runtime error (one line on stderr), 2 usage, 3 internal, 130 interrupted.
// Besides --help, --help-all and --version every program prints what is made from its options:
// --completion bash|zsh, a script for that shell; --help-man, a manual page; and [COMMAND]
// --help-markdown GROUP[,GROUP...], tables for docs/cli.md. Help does not list these.
int run_app(int argc, char** argv, const Program& program);

}  // namespace fer
