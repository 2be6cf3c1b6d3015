#include "fer/commands/serve_command.h"

#include <string>

#include "fer/commands/exit_code.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/infer/precision.h"
#include "fer/serve/server.h"

namespace fer::commands {

namespace {

constexpr std::size_t kMostTokenBytes = 4096;

// The token from a file, the command line or the environment, in this order.
std::string token_of(const ServeOptions& options) {
  if (options.no_token) return "";
  if (!options.token_file.empty()) {
    const std::string text = read_file(options.token_file, kMostTokenBytes);
    std::string token(trim(text));
    if (token.empty()) throw OptionError("token_file", options.token_file, "holds no token");
    return token;
  }
  return options.token.empty() ? token_of_environment() : options.token;
}

std::size_t size_of(std::int64_t number) { return static_cast<std::size_t>(number); }

serve::Limits limits_of(const ServeOptions& options) {
  serve::Limits limits;
  limits.body = size_of(options.max_body);
  limits.pixels = options.max_pixels;
  limits.faces = size_of(options.max_faces);
  limits.pictures = size_of(options.max_pictures);
  limits.queue = size_of(options.queue);
  limits.connections = size_of(options.connections);
  limits.streams = size_of(options.streams);
  limits.waiting_bodies = size_of(options.body_memory) << 20;
  limits.request_s = options.timeout;
  limits.header_s = options.header_timeout;
  limits.body_s = options.body_timeout;
  limits.idle_s = options.idle_timeout;
  limits.stream_s = options.stream_time;
  limits.drain_s = options.drain;
  return limits;
}

serve::Config config_of(const ServeOptions& options) {
  serve::Config config;
  config.address = options.address;
  config.port = static_cast<int>(options.port);
  config.token = token_of(options);
  config.origins = options.cors;
  config.models = options.model;
  config.precision = options.precision;
  config.detector = options.faces.detector_options();
  config.detector.precision = infer::precision_of_detectors(options.precision);
  config.small_faces = options.faces.small_faces;
  config.align = options.faces.align;
  config.threads = options.common.thread_count();
  config.batch_wait_s = options.batch_wait / 1000.0;
  config.limits = limits_of(options);
  return config;
}

}  // namespace

int run_serve(const ServeOptions& options, Console& console) {
  options.validate();
  switch (serve::run_server(config_of(options), options.log_format, console.results(), console)) {
    case serve::ServerEnd::drained:
      return 0;
    case serve::ServerEnd::given_up:
      return 1;
    case serve::ServerEnd::stopped:
      break;
  }
  return kExitInterrupted;
}

}  // namespace fer::commands
