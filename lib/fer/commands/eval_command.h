// The program fer-eval without its command line.
#pragma once

#include "fer/commands/console.h"
#include "fer/commands/eval_options.h"

namespace fer::commands {

// @throws fer::Error for whatever a user can cause. Returns the exit code.
int run_eval(const EvalCommandOptions& options, Console& console);

}  // namespace fer::commands
