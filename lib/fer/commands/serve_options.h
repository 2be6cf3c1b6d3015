// The options of fer-serve.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/core/options.h"
#include "fer/infer/precision.h"
#include "fer/predict/face_search_options.h"
#include "fer/serve/access_log.h"

namespace fer::commands {

struct ServeOptions {
  std::string address = "127.0.0.1";
  std::int64_t port = 8420;
  std::string token;
  std::string token_file;
  bool no_token = false;
  std::vector<std::string> cors;
  std::vector<std::string> model;
  infer::Precision precision = infer::Precision::float32;
  double batch_wait = 0.0;
  predict::FaceSearchOptions faces;
  std::int64_t max_body = 10'000'000;
  std::int64_t max_pixels = 25'000'000;
  std::int64_t max_faces = 100;
  std::int64_t max_pictures = 64;
  std::int64_t queue = 128;
  std::int64_t connections = 1000;
  std::int64_t streams = 8;
  std::int64_t body_memory = 256;
  double timeout = 30.0;
  double header_timeout = 10.0;
  double body_timeout = 30.0;
  double idle_timeout = 60.0;
  double stream_time = 3600.0;
  double drain = 30.0;
  serve::AccessFormat log_format = serve::AccessFormat::text;
  CommonOptions common;

  void visit(OptionVisitor& visitor);

  // Checks fields against each other. @throws fer::OptionError, also for an address that other
  // machines can reach without a token.
  void validate() const;

 private:
  void visit_network(OptionVisitor& visitor);
  void visit_model(OptionVisitor& visitor);
  void visit_limits(OptionVisitor& visitor);
  void visit_times(OptionVisitor& visitor);
};

// The environment variable that may hold the token, and its value; empty if it is not set.
inline constexpr const char* kTokenVariable = "FER_SERVE_TOKEN";
std::string token_of_environment();

}  // namespace fer::commands
