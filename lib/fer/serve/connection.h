// One connection, which handles its requests one after another.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "fer/serve/exchange.h"
#include "fer/serve/hub.h"
#include "fer/serve/problem.h"

namespace fer::serve {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  Connection(Socket socket, Hub& hub);

  void start();
  // Closes at once and gives up a request in progress.
  void close();
  // Closes at once if no request is in progress, otherwise after its answer.
  void close_when_done();

 private:
  using Error = boost::system::error_code;
  using Clock = std::chrono::steady_clock;
  enum class Phase { idle, header, body, working, writing, lingering, closed };

  static bool is_spare(Phase phase);
  void leave_spare();
  // Begins a phase with its deadline, which replaces the last one.
  void enter(Phase phase, double seconds);
  void on_deadline();

  void wait_for_request();
  void read_header();
  void on_header(const Error& error);
  void begin_request();
  void check_request();
  void become_stream();
  void allow_body();
  void read_body();
  void on_body(const Error& error);
  void take_chunk();
  void work();
  void watch_client();
  void fail(const Error& error);
  void refuse(const Problem& problem);
  void respond(Response response);
  template <class Body>
  void write(Response& response);
  void written(const Error& error, std::size_t bytes);
  void linger();
  void read_away();
  std::string header(boost::beast::string_view name) const;
  bool trusted() const;

  Hub& hub_;
  Socket socket_;
  std::string client_;
  boost::asio::steady_timer timer_;
  std::uint64_t deadline_ = 0;  // number of the current deadline
  Phase phase_ = Phase::idle;
  std::list<Connection*>::iterator spare_;  // its place in hub_.spare, or the end
  bool first_ = true;
  bool timed_out_ = false;

  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::buffer_body>> parser_;
  Clock::time_point start_;  // of the request
  const Route* route_ = nullptr;
  Request request_;
  std::unique_ptr<std::array<char, 32 * 1024>> chunk_;
  std::size_t received_ = 0;
  ExchangePtr exchange_;
  bool keep_ = false;  // whether to keep the connection after this answer
  int status_ = 0;
  std::size_t sent_ = 0;
};

}  // namespace fer::serve
