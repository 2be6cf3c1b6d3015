// Checks a request before its body is read.
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <memory>
#include <string>
#include <utility>

#include "fer/core/text.h"
#include "fer/serve/access_rules.h"
#include "fer/serve/connection.h"
#include "fer/serve/query.h"
#include "fer/serve/stream_session.h"

namespace fer::serve {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

std::string text_of(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string Connection::header(beast::string_view name) const {
  return text_of(parser_->get()[name]);
}

bool Connection::trusted() const {
  return hub_.config.token.empty() ||
         same_secret(bearer_token(header("Authorization")), hub_.config.token);
}

void Connection::begin_request() {
  const auto& message = parser_->get();
  request_.method = text_of(message.method_string());
  Target target = target_of(text_of(message.target()));
  request_.path = std::move(target.path);
  request_.query = std::move(target.query);
  request_.content_type = header("Content-Type");
  request_.accept = header("Accept");
  request_.json_bytes = header("Inference-Header-Content-Length");
  if (message.version() == 11 && message.count("Host") != 1) {
    throw Problem(400, "the request does not name its host once").in("header Host");
  }
  if (hub_.draining) throw Problem(503, "the service is about to end").retry_after(5);
  const std::string origin = header("Origin");
  if (request_.method == "OPTIONS" && origin_listed(origin, hub_.config.origins)) {
    keep_ = false;
    return respond({.status = 204, .type = "", .body = "", .headers = {}});
  }
  route_ = &hub_.service.route(request_.method, request_.path);
  if ((route_->works || route_->stream) &&
      !origin_allowed(origin, header("Host"), hub_.config.origins)) {
    throw Problem(403, "pages of " + quote(origin, 80) + " may not ask here").in("header Origin");
  }
  if (!route_->open && !trusted()) {
    throw Problem(401, "the request does not bring the token of this service")
        .in("header Authorization")
        .allowed("Bearer TOKEN");
  }
  if (route_->stream && beast::websocket::is_upgrade(message)) return become_stream();
  check_request();
}

// Refuses a request before its body is read, if its header alone is reason enough.
void Connection::check_request() {
  const Limits& limits = hub_.config.limits;
  keep_ = parser_->keep_alive() && !hub_.draining;
  const auto length = parser_->content_length();
  if (!route_->works) {
    if (!parser_->is_done()) keep_ = false;  // its body is not read
    return work();
  }
  if (!route_->takes(request_.content_type)) {
    throw Problem(415, "the content type " + quote(request_.content_type, 80) + " is not read here")
        .in("header Content-Type")
        .allowed(std::string(route_->types));
  }
  if (const std::string encoding = header("Content-Encoding");
      !encoding.empty() && to_lower(encoding) != "identity") {
    throw Problem(415, "the content encoding " + quote(encoding) + " is not read here")
        .in("header Content-Encoding")
        .allowed("none");
  }
  if (!length && !parser_->chunked()) {
    throw Problem(411, "the request does not say how long its body is").in("header Content-Length");
  }
  if (length && *length > limits.body) {
    throw Problem(413, "the body has " + grouped(static_cast<std::int64_t>(*length)) + " bytes")
        .in("body")
        .allowed("at most " + grouped(static_cast<std::int64_t>(limits.body)));
  }
  hub_.service.check_room();
  allow_body();
}

// Answers a client that asks whether it may send the body (Expect: 100-continue).
void Connection::allow_body() {
  const std::string expected = to_lower(header("Expect"));
  if (expected.empty()) return read_body();
  if (expected != "100-continue") {
    throw Problem(417, "the expectation " + quote(expected) + " is not met").in("header Expect");
  }
  enter(Phase::body, hub_.config.limits.body_s);
  const auto go_on =
      std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
  http::async_write(socket_, *go_on,
                    [self = shared_from_this(), go_on](const Error& error, std::size_t) {
                      if (error) return self->fail(error);
                      self->read_body();
                    });
}

void Connection::become_stream() {
  if (hub_.streams.size() >= hub_.config.limits.streams) {
    throw Problem(503, "there are as many streams as there may be")
        .allowed(std::to_string(hub_.config.limits.streams))
        .retry_after(10);
  }
  const auto self = shared_from_this();
  const auto session =
      std::make_shared<StreamSession>(std::move(socket_), hub_, client_, trusted());
  hub_.streams.insert(session);
  session->start(parser_->release(), std::move(request_.query));
  close();
}

}  // namespace fer::serve
