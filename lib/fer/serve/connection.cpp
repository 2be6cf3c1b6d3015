#include "fer/serve/connection.h"

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cerrno>
#include <ctime>
#include <limits>
#include <type_traits>
#include <utility>

#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/serve/access_rules.h"

namespace fer::serve {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr double kLinger = 2.0;  // seconds that a refused client may go on sending
constexpr std::size_t kMostReadAway = 64ULL << 20;  // bytes that it may go on sending
constexpr std::size_t kMostBuffered = 64 * 1024;    // of a header, or of what follows a request

std::chrono::steady_clock::duration in_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(seconds));
}

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
      spare_(hub.spare.end()),
      buffer_(kMostBuffered) {}

void Connection::start() {
  Error ignored;
  socket_.set_option(net::ip::tcp::no_delay(true), ignored);
  wait_for_request();
}

// Whether the connection may be closed for a new one, because no request of it is in work. A
// lingering client may then lose the answer that refused it. Headers usually come in one piece, so
// slow ones may be an attack.
bool Connection::is_spare(Phase phase) {
  return phase == Phase::idle || phase == Phase::header || phase == Phase::lingering;
}

void Connection::leave_spare() {
  if (spare_ != hub_.spare.end()) hub_.spare.erase(spare_);
  spare_ = hub_.spare.end();
}

void Connection::enter(Phase phase, double seconds) {
  leave_spare();
  phase_ = phase;
  if (is_spare(phase)) spare_ = hub_.spare.insert(hub_.spare.end(), this);
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
      socket_.cancel();  // makes the read fail, which answers the client
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
  const auto self = shared_from_this();  // the set may hold the last reference
  leave_spare();
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
  parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // its size is checked here
  enter(Phase::header, limits.header_s);
  http::async_read_header(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](const Error& error, std::size_t) { self->on_header(error); });
}

// Handles an error that ended reading too early.
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
  if (phase_ == Phase::closed) return;  // it was closed for a new one meanwhile
  if (error) return fail(error);
  try {
    begin_request();
  } catch (const Problem& problem) {
    refuse(problem);
  }
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

// Stops the work for a client that has gone. A client that sends more before its answer is handled
// later.
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
  socket_.cancel();  // ends watch_client()
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

// Closing with unread bytes could destroy the answer before the client has read it.
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

}  // namespace fer::serve
