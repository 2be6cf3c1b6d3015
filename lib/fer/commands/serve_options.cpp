#include "fer/commands/serve_options.h"

#include <cstdlib>

#include "fer/core/option_error.h"
#include "fer/model/model_help.h"
#include "fer/serve/access_rules.h"

namespace fer::commands {

void ServeOptions::visit(OptionVisitor& visitor) {
  visit_network(visitor);
  visit_model(visitor);
  faces.visit(visitor, " of requests that name none");
  visit_limits(visitor);
  visit_times(visitor);
  common.visit(visitor, {.threads = true});
}

void ServeOptions::visit_network(OptionVisitor& visitor) {
  visitor.group("Network");
  visitor.field(
      Field("address",
            "Address to listen on; any that other machines can reach (all but 127.0.0.0/8 "
            "and ::1) needs a token, or " +
                option("no_token"))
          .shown_as("ADDRESS")
          .essential(),
      address);
  visitor.field(Field("port", "Port to listen on; 0 takes a free one and says which")
                    .range(0, 65'535)
                    .essential(),
                port);
  visitor.field(Field("token_file", "File with the token that requests must carry")
                    .file()
                    .essential()
                    .not_recorded(),
                token_file);
  visitor.field(
      Field("token",
            "The token itself. Other users of this machine can read command lines: prefer "
            "a file or the environment variable FER_SERVE_TOKEN")
          .shown_as("TOKEN")
          .not_recorded(),
      token);
  visitor.field(Field("no_token", "Serve whoever reaches the address, without a token"), no_token);
  visitor.field(Field("cors",
                      "Allow pages of this origin (https://example.org) to call the service from "
                      "browsers (CORS); * allows all")
                    .shown_as("ORIGIN"),
                cors);
  visitor.field(Field("log_format",
                      "Access log on standard output, one line for each request: text, json or "
                      "none; pictures are never logged"),
                log_format);
}

void ServeOptions::visit_model(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(Field("model", model::model_help() +
                                   ". Of several, clients choose one by name; the first answers "
                                   "where they name none. Default: nano")
                    .file("MODEL")
                    .essential(),
                model);
  visitor.field(Field("precision", infer::kPrecisionHelp), precision);
  visitor.field(Field("batch_wait",
                      "Longest time a face waits for others to fill a batch; 0 batches only those "
                      "that are already waiting")
                    .in("milliseconds")
                    .range(0, 1000),
                batch_wait);
}

void ServeOptions::visit_limits(OptionVisitor& visitor) {
  visitor.group("Limits");
  visitor.field(Field("max_body", "Largest body of a request, and frame of a stream")
                    .in("bytes")
                    .range(1024, 1e9)
                    .essential(),
                max_body);
  visitor.field(Field("max_pixels", "Largest picture").in("pixels").range(1, 1e8), max_pixels);
  visitor.field(
      Field("max_faces",
            "Most faces returned for a picture, those with the highest detection score; the "
            "answer says how many were left out")
          .range(1, 10'000)
          .in("faces"),
      max_faces);
  visitor.field(Field("max_pictures", "Pictures of one request").range(1, 4096).in("pictures"),
                max_pictures);
  visitor.field(Field("queue",
                      "Most requests in progress or waiting; more are told to come back later "
                      "(503)")
                    .range(1, 100'000)
                    .in("requests")
                    .essential(),
                queue);
  visitor.field(
      Field("connections",
            "Most open connections. A further one replaces the connection that has been idle, or "
            "sending its header, for longest; if all are at work, it gets a 503")
          .range(1, 100'000),
      connections);
  visitor.field(Field("streams", "Open streams (WebSockets)").range(0, 10'000), streams);
  visitor.field(Field("body_memory", "Memory for the bodies of all requests together")
                    .in("MiB")
                    .range(1, 1'000'000),
                body_memory);
}

void ServeOptions::visit_times(OptionVisitor& visitor) {
  visitor.group("Times");
  visitor.field(Field("timeout",
                      "Longest time from the end of a request to its answer; a later answer is 503")
                    .in("seconds")
                    .range(0.1, 3600)
                    .essential(),
                timeout);
  visitor.field(Field("header_timeout", "Longest time for a request's headers")
                    .in("seconds")
                    .range(0.1, 3600),
                header_timeout);
  visitor.field(
      Field("body_timeout", "Longest time for a request's body").in("seconds").range(0.1, 3600),
      body_timeout);
  visitor.field(
      Field("idle_timeout", "Longest silence between two requests, or two frames of a stream")
          .in("seconds")
          .range(0.1, 86'400),
      idle_timeout);
  visitor.field(
      Field("stream_time", "Longest time that a stream is open").in("seconds").range(1, 1e6),
      stream_time);
  visitor.field(Field("drain",
                      "After SIGTERM or Ctrl-C, time for requests under way to finish; a second "
                      "signal ends the service at once")
                    .in("seconds")
                    .range(0, 3600),
                drain);
}

std::string token_of_environment() {
  const char* token = std::getenv(kTokenVariable);
  return token == nullptr ? "" : token;
}

void ServeOptions::validate() const {
  if (!token.empty() && !token_file.empty()) {
    throw OptionError("token", "does not go with " + option("token_file") + "; give one of them");
  }
  if (no_token && !(token.empty() && token_file.empty())) {
    throw OptionError("no_token", "does not go with a token; give one of them");
  }
  faces.validate();
  const bool asks = !no_token && token.empty() && token_file.empty();
  if (asks && token_of_environment().empty() && !serve::is_loopback(address)) {
    throw OptionError("address", address,
                      "can be reached by other machines: give a token (" + option("token_file") +
                          ", " + option("token") + " or $" + kTokenVariable + "), or " +
                          option("no_token") + " where everybody may ask");
  }
}

}  // namespace fer::commands
