#include "fer/serve/connection.h"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <cerrno>
#include <ctime>
#include <limits>
#include <type_traits>
#include <utility>

#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/serve/access_rules.h"
#include "fer/serve/query.h"
#include "fer/serve/stream_session.h"

namespace fer::serve {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr double kLinger = 2.0;  // seconds that a refused client may go on talking
constexpr std::size_t kMostReadAway = 64ULL << 20;  // and bytes
constexpr std::size_t kMostBuffered = 64 * 1024;    // of a header, or of what follows a request

std::chrono::steady_clock::duration in_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(seconds));
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

std::string address_of(const Connection::Socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  return error ? "-" : endpoint.address().to_string();
}

}  // namespace

Connection::Connection(Socket socket, Hub& hub)
    : hub_(hub),
      socket_(std::move(socket)),
      client_(address_of(socket_)),
      timer_(socket_.get_executor()),
      idle_(hub.idle.end()),
      buffer_(kMostBuffered) {}

void Connection::start() {
  Error ignored;
  socket_.set_option(net::ip::tcp::no_delay(true), ignored);
  wait_for_request();
}

void Connection::enter(Phase phase, double seconds) {
  if (idle_ != hub_.idle.end()) {
    hub_.idle.erase(idle_);
    idle_ = hub_.idle.end();
  }
  phase_ = phase;
  if (phase == Phase::idle) idle_ = hub_.idle.insert(hub_.idle.end(), this);
  timed_out_ = false;
  timer_.expires_after(in_seconds(seconds));
  timer_.async_wait([weak = weak_from_this(), number = ++deadline_](const Error& error) {
    const auto self = weak.lock();
    if (self && !error && number == self->deadline_) self->on_deadline();
  });
}

void Connection::on_deadline() {
  switch (phase_) {
    case Phase::header:
    case Phase::body:
      timed_out_ = true;
      socket_.cancel();  // whoever reads is told, and says so to the client
      break;
    case Phase::working:
      if (exchange_ && exchange_->give_up()) {
        refuse(Problem(503, "the answer took longer than " +
                                fixed(hub_.config.limits.request_s, 1) + " s")
                   .retry_after(5));
      }
      break;
    default:
      close();
  }
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();  // the set may hold the last one
  if (idle_ != hub_.idle.end()) hub_.idle.erase(idle_);
  idle_ = hub_.idle.end();
  phase_ = Phase::closed;
  ++deadline_;
  timer_.cancel();
  if (exchange_) exchange_->give_up();
  exchange_.reset();
  Error ignored;
  socket_.close(ignored);
  hub_.connections.erase(self);
  hub_.on_end();
}

void Connection::close_when_done() {
  keep_ = false;
  if (phase_ == Phase::idle) close();
}

void Connection::wait_for_request() {
  parser_.reset();
  request_ = {};
  exchange_.reset();
  route_ = nullptr;
  chunk_.reset();
  received_ = 0;
  const Limits& limits = hub_.config.limits;
  if (buffer_.size() > 0) return read_header();
  enter(Phase::idle, std::exchange(first_, false) ? limits.header_s : limits.idle_s);
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const Error& error) {
    if (self->phase_ != Phase::idle) return;
    if (error) return self->close();
    self->read_header();
  });
}

void Connection::read_header() {
  const Limits& limits = hub_.config.limits;
  start_ = Clock::now();
  keep_ = false;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits.header));
  parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // counted here
  enter(Phase::header, limits.header_s);
  http::async_read_header(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](const Error& error, std::size_t) { self->on_header(error); });
}

// What reading came to, where it did not come to its end.
void Connection::fail(const Error& error) {
  const Limits& limits = hub_.config.limits;
  if (phase_ == Phase::closed) return;
  if (timed_out_) {
    return refuse(
        Problem(408, "the request was not complete in time")
            .in(phase_ == Phase::header ? "headers" : "body")
            .allowed(fixed(phase_ == Phase::header ? limits.header_s : limits.body_s, 1) + " s"));
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return refuse(
        Problem(431, "the headers are too long")
            .in("headers")
            .allowed("at most " + grouped(static_cast<std::int64_t>(limits.header)) + " bytes"));
  }
  const bool ended = error == http::error::end_of_stream || error == http::error::partial_message;
  if (ended || error.category() != http::make_error_code(http::error::bad_method).category()) {
    return close();
  }
  if (error == http::error::bad_version) {
    return refuse(Problem(505, "the version of HTTP is not known").allowed("HTTP/1.0, HTTP/1.1"));
  }
  refuse(Problem(400, "this is no HTTP: " + error.message())
             .in(phase_ == Phase::header ? "headers" : "body"));
}

void Connection::on_header(const Error& error) {
  if (error) return fail(error);
  try {
    begin_request();
  } catch (const Problem& problem) {
    refuse(problem);
  }
}

std::string Connection::header(beast::string_view name) const {
  return std::string(view(parser_->get()[name]));
}

void Connection::begin_request() {
  const auto& message = parser_->get();
  request_.method = std::string(view(message.method_string()));
  Target target = target_of(view(message.target()));
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
  const bool trusted = hub_.config.token.empty() ||
                       same_secret(bearer_token(header("Authorization")), hub_.config.token);
  if (!route_->open && !trusted) {
    throw Problem(401, "the request does not bring the token of this service")
        .in("header Authorization")
        .allowed("Bearer TOKEN");
  }
  if (route_->stream && beast::websocket::is_upgrade(message)) return become_stream();
  check_request();
}

// Before the body is read: what need not be read is not.
void Connection::check_request() {
  const Limits& limits = hub_.config.limits;
  keep_ = parser_->keep_alive() && !hub_.draining;
  const auto length = parser_->content_length();
  if (!route_->works) {
    if (!parser_->is_done()) keep_ = false;  // its body is of no use here
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

// A client that asks whether it may go on is told so.
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

void Connection::read_body() {
  enter(Phase::body, hub_.config.limits.body_s);
  request_.held =
      std::shared_ptr<std::size_t>(new std::size_t(0), [&hub = hub_](std::size_t* held) {
        hub.bodies.give_back(*held);
        delete held;
      });
  chunk_ = std::make_unique<std::array<char, 32 * 1024>>();
  take_chunk();
}

void Connection::take_chunk() {
  if (parser_->is_done()) return work();
  auto& body = parser_->get().body();
  body.data = chunk_->data();
  body.size = chunk_->size();
  body.more = true;
  http::async_read_some(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](const Error& error, std::size_t) { self->on_body(error); });
}

void Connection::on_body(const Error& error) {
  if (error && error != http::error::need_buffer) return fail(error);
  if (phase_ != Phase::body) return;
  const std::size_t bytes = chunk_->size() - parser_->get().body().size;
  received_ += bytes;
  const Limits& limits = hub_.config.limits;
  if (received_ > limits.body) {
    return refuse(
        Problem(413, "the body is too long")
            .in("body")
            .allowed("at most " + grouped(static_cast<std::int64_t>(limits.body)) + " bytes"));
  }
  if (!hub_.bodies.take(bytes)) {
    return refuse(Problem(503, "the service holds too many bodies").retry_after(2));
  }
  *static_cast<std::size_t*>(request_.held.get()) += bytes;
  request_.body.append(chunk_->data(), bytes);
  take_chunk();
}

void Connection::work() {
  if (phase_ == Phase::body) {
    const std::chrono::duration<double> took = Clock::now() - start_;
    hub_.service.metrics().stage(Stage::read, took.count());
  }
  chunk_.reset();
  enter(Phase::working, hub_.config.limits.request_s);
  exchange_ = std::make_shared<Exchange>(
      std::move(request_), [weak = weak_from_this(), &io = hub_.io](Response response) {
        net::post(io, [weak, response = std::move(response)]() mutable {
          const auto self = weak.lock();
          if (self && self->phase_ == Phase::working) self->respond(std::move(response));
        });
      });
  request_ = {};
  request_.method = exchange_->request.method;
  request_.path = exchange_->request.path;
  hub_.service.handle(exchange_, [&hub = hub_] { return hub.gauges(); });
  if (route_->works) watch_client();
}

// A client that goes away makes no more work. One that sends on, without waiting for its answer, is
// looked after later.
void Connection::watch_client() {
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const Error& error) {
    if (error || self->phase_ != Phase::working) return;
    char byte = 0;
    const auto got = ::recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) self->close();
  });
}

void Connection::refuse(const Problem& problem) {
  keep_ = false;
  respond(problem.response());
}

void Connection::respond(Response response) {
  if (phase_ == Phase::closed) return;
  socket_.cancel();  // the look at the client
  exchange_.reset();
  status_ = response.status;
  ++hub_.answers;
  const std::chrono::duration<double> took = Clock::now() - start_;
  hub_.service.metrics().request(std::string(route_ == nullptr ? "other" : route_->name), status_,
                                 took.count());
  keep_ = keep_ && !hub_.draining;
  if (request_.method == "HEAD" || response.status == 204) return write<http::empty_body>(response);
  write<http::string_body>(response);
}

template <class Body>
void Connection::write(Response& response) {
  const auto message = std::make_shared<http::response<Body>>();
  message->result(static_cast<unsigned>(response.status));
  message->reason(std::string(status_text(response.status)));
  message->version(parser_ && parser_->is_header_done() ? parser_->get().version() : 11);
  message->set(http::field::server, std::string("fer-serve/") + version());
  message->set(http::field::date, http_date());
  if (!response.type.empty()) message->set(http::field::content_type, response.type);
  message->set("X-Content-Type-Options", "nosniff");
  message->set("Referrer-Policy", "no-referrer");
  for (const auto& [name, value] : response.headers) message->set(name, value);
  const std::string origin = parser_ && parser_->is_header_done() ? header("Origin") : "";
  if (origin_listed(origin, hub_.config.origins)) {
    message->set("Access-Control-Allow-Origin", origin);
    message->set("Vary", "Origin");
    if (request_.method == "OPTIONS") {
      message->set("Access-Control-Allow-Methods", "GET, POST");
      message->set("Access-Control-Allow-Headers", "Authorization, Content-Type");
      message->set("Access-Control-Max-Age", "600");
    }
  }
  if (response.status != 204) message->content_length(response.body.size());
  message->keep_alive(keep_);
  if constexpr (std::is_same_v<Body, http::string_body>) message->body() = std::move(response.body);
  enter(Phase::writing, hub_.config.limits.write_s);
  http::async_write(socket_, *message,
                    [self = shared_from_this(), message](const Error& error, std::size_t bytes) {
                      self->written(error, bytes);
                    });
}

void Connection::written(const Error& error, std::size_t bytes) {
  sent_ = bytes;
  const std::chrono::duration<double> took = Clock::now() - start_;
  hub_.access.write({.client = client_,
                     .method = request_.method,
                     .path = request_.path,
                     .status = status_,
                     .received = received_,
                     .sent = sent_,
                     .seconds = took.count()});
  if (phase_ == Phase::closed) return;
  if (error) return close();
  if (keep_ && !hub_.draining) return wait_for_request();
  linger();
}

// A close with bytes unread would take the answer back from a client that has not read it yet.
void Connection::linger() {
  Error ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  enter(Phase::lingering, kLinger);
  received_ = 0;
  buffer_.clear();
  chunk_ = std::make_unique<std::array<char, 32 * 1024>>();
  read_away();
}

void Connection::read_away() {
  socket_.async_read_some(net::buffer(*chunk_),
                          [self = shared_from_this()](const Error& error, std::size_t bytes) {
                            self->received_ += bytes;
                            if (error || self->received_ > kMostReadAway) return self->close();
                            self->read_away();
                          });
}

void Connection::become_stream() {
  if (hub_.streams.size() >= hub_.config.limits.streams) {
    throw Problem(503, "there are as many streams as there may be")
        .allowed(std::to_string(hub_.config.limits.streams))
        .retry_after(10);
  }
  const bool trusted = hub_.config.token.empty() ||
                       same_secret(bearer_token(header("Authorization")), hub_.config.token);
  const auto self = shared_from_this();
  const auto session = std::make_shared<StreamSession>(std::move(socket_), hub_, client_, trusted);
  hub_.streams.insert(session);
  session->start(parser_->release(), std::move(request_.query));
  close();
}

}  // namespace fer::serve
