// The server: listens, answers, and ends when it is told to.
#pragma once

#include <ostream>

#include "fer/core/log.h"
#include "fer/serve/access_log.h"
#include "fer/serve/config.h"

namespace fer::serve {

enum class ServerEnd {
  drained,   // by SIGTERM, with all that was under way answered
  given_up,  // by SIGTERM, with something still under way after Limits::drain_s
  stopped,   // by SIGINT
};

// Listens until a signal ends it: SIGTERM and SIGINT finish what is under way, a second one does
// not wait for it; SIGHUP loads the models anew. Lines of requests go to `output`. The signals are
// the process's: one server at a time. @throws fer::Error for models and detectors that are not
// there, and an address that cannot be listened on.
ServerEnd run_server(const Config& config, AccessFormat format, std::ostream& output, Log& log);

}  // namespace fer::serve
