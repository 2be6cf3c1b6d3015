// The server: listens, answers, and ends at a signal.
#pragma once

#include <ostream>

#include "fer/core/log.h"
#include "fer/serve/access_log.h"
#include "fer/serve/config.h"

namespace fer::serve {

enum class ServerEnd {
  drained,   // by SIGTERM, with all requests answered
  given_up,  // by SIGTERM, with requests unanswered after Limits::drain_s
  stopped,   // by SIGINT
};

// Listens until a signal ends it: SIGTERM and SIGINT finish the requests in progress, a second
// signal gives them up; SIGHUP reloads the models. Writes the access log to `output`. Signals
// belong to the process, so only one server can run at a time. @throws fer::Error for missing
// models and detectors, and for an address that it cannot listen on.
ServerEnd run_server(const Config& config, AccessFormat format, std::ostream& output, Log& log);

}  // namespace fer::serve
