// The program fer-serve without its command line.
#pragma once

#include "fer/commands/console.h"
#include "fer/commands/serve_options.h"

namespace fer::commands {

// Serves until a signal ends it. Returns the exit code: 0 after SIGTERM if all requests were
// answered, otherwise 1; 130 after SIGINT. @throws fer::Error for options that do not fit, and as
// serve::run_server does.
int run_serve(const ServeOptions& options, Console& console);

}  // namespace fer::commands
