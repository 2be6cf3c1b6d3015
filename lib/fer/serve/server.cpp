#include "fer/serve/server.h"

#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/serve/connection.h"
#include "fer/serve/hub.h"
#include "fer/serve/service.h"
#include "fer/serve/stream_session.h"

namespace fer::serve {

namespace net = boost::asio;
using net::ip::tcp;

namespace {

using SystemError = boost::system::error_code;

constexpr rlim_t kSpareFiles = 64;  // for models, detectors, logs
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kTidyEvery{10};

// Raises the limit of open files as far as allowed, and returns the number of possible connections.
std::size_t possible_connections(std::size_t wanted, Log& log) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  const rlim_t needed = static_cast<rlim_t>(wanted) + kSpareFiles;
  if (files.rlim_cur < needed) {
    files.rlim_cur = std::min(needed, files.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &files);
    ::getrlimit(RLIMIT_NOFILE, &files);
  }
  if (files.rlim_cur >= needed) return wanted;
  const std::size_t possible =
      files.rlim_cur > 2 * kSpareFiles ? files.rlim_cur - kSpareFiles : kSpareFiles;
  log.warn("this process may open " + std::to_string(files.rlim_cur) +
           " files: " + option("connections") + " is " + std::to_string(possible));
  return possible;
}

// Opens the port. @throws fer::Error.
tcp::acceptor open_acceptor(net::io_context& io, const Config& config) {
  SystemError error;
  const auto address =
      net::ip::make_address(config.address == "localhost" ? "127.0.0.1" : config.address, error);
  if (error) throw OptionError("address", config.address, "is no address of this machine");
  const tcp::endpoint endpoint(address, static_cast<unsigned short>(config.port));
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    throw Error("cannot listen on " + config.address + " port " + std::to_string(config.port) +
                ": " + error.message());
  }
  return acceptor;
}

class Server {
 public:
  Server(const Config& config, AccessFormat format, std::ostream& output, Log& log)
      : config_(with_possible_connections(config, log)),
        log_(log),
        access_(output, format),
        service_(config_),
        hub_(config_, service_, access_, io_),
        acceptor_(open_acceptor(io_, config_)),
        accept_timer_(io_),
        drain_timer_(io_),
        tidy_timer_(io_),
        signals_(io_, SIGTERM, SIGINT, SIGHUP) {
    hub_.on_end = [this] { check_end(); };
  }

  ~Server() {
    if (reloading_.joinable()) reloading_.join();
    close_all();
  }

  ServerEnd run() {
    const tcp::endpoint endpoint = acceptor_.local_endpoint();
    const std::string host = endpoint.address().is_v6() ? "[" + endpoint.address().to_string() + "]"
                                                        : endpoint.address().to_string();
    describe();
    accept();
    wait_for_signal();
    tidy();
    log_.info("listening on http://" + host + ":" + std::to_string(endpoint.port()));
    io_.run();
    return end_;
  }

 private:
  static Config with_possible_connections(Config config, Log& log) {
    config.limits.connections = possible_connections(config.limits.connections, log);
    return config;
  }

  void describe() {
    Engine& engine = service_.engine();
    std::vector<std::string> names;
    for (const auto& model : *engine.models.models()) names.push_back(model->name());
    log_.info("models: " + join(names, ", ") + "; detectors: " +
              join(engine.detectors.names(), ", ") + ", usually " + engine.detectors.usual());
    if (!engine.detectors.reason().empty()) {
      log_.info("detector " + engine.detectors.usual() + ": " + engine.detectors.reason());
    }
  }

  void accept() {
    acceptor_.async_accept([this](const SystemError& error, tcp::socket socket) {
      if (error == net::error::operation_aborted || hub_.draining) return;
      if (error) return accept_later();  // for example no free descriptor
      admit(std::move(socket));
      accept();
    });
  }

  void accept_later() {
    accept_timer_.expires_after(kAcceptPause);
    accept_timer_.async_wait([this](const SystemError& error) {
      if (!error && !hub_.draining) accept();
    });
  }

  // If all places are taken, closes the connection that has been silent, or sending its header, for
  // longest; if all are in work, the new one gets a 503.
  void admit(tcp::socket socket) {
    if (hub_.open() >= config_.limits.connections && !hub_.spare.empty()) {
      service_.metrics().refused_connection();
      hub_.spare.front()->close();
    }
    if (hub_.open() >= config_.limits.connections) {
      service_.metrics().refused_connection();
      constexpr std::string_view kBusy =
          "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 5\r\n"
          "Connection: close\r\n\r\n";
      ::send(socket.native_handle(), kBusy.data(), kBusy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      return;
    }
    const auto connection = std::make_shared<Connection>(std::move(socket), hub_);
    hub_.connections.insert(connection);
    connection->start();
  }

  void wait_for_signal() {
    signals_.async_wait([this](const SystemError& error, int signal) {
      if (error) return;
      if (signal == SIGHUP) {
        reload();
      } else if (hub_.draining) {
        log_.warn("told to end a second time: what is under way is given up");
        return give_up();
      } else {
        drain(signal == SIGINT ? ServerEnd::stopped : ServerEnd::drained);
      }
      wait_for_signal();
    });
  }

  // In a separate thread, one reload at a time; a request for another meanwhile is served after it.
  void reload() {
    if (std::exchange(reload_runs_, true)) {
      reload_again_ = true;
      return;
    }
    if (reloading_.joinable()) reloading_.join();
    log_.info("loading the models anew");
    reloading_ = std::thread([this] {
      net::post(io_, [this, reloaded = service_.reload()] {
        reloaded.done ? log_.info(reloaded.text) : log_.warn(reloaded.text);
        reload_runs_ = false;
        if (std::exchange(reload_again_, false)) reload();
      });
    });
  }

  void drain(ServerEnd end) {
    end_ = end;
    hub_.draining = true;
    SystemError ignored;
    acceptor_.close(ignored);
    tidy_timer_.cancel();
    log_.info("ending: " + std::to_string(service_.engine().requests.count()) +
              " requests are under way");
    const auto connections = hub_.connections;  // a copy, because closing removes them from the set
    for (const auto& connection : connections) connection->close_when_done();
    const auto streams = hub_.streams;
    for (const auto& stream : streams) {
      stream->close(boost::beast::websocket::close_code::going_away, "the service ends");
    }
    drain_timer_.expires_after(
        std::chrono::milliseconds(static_cast<std::int64_t>(config_.limits.drain_s * 1000.0)));
    drain_timer_.async_wait([this](const SystemError& error) {
      if (!error) give_up();
    });
    check_end();
  }

  void check_end() {
    if (hub_.draining && hub_.open() == 0) io_.stop();
  }

  void give_up() {
    if (hub_.open() > 0) {
      log_.warn(std::to_string(hub_.open()) + " connections were closed with something under way");
      if (end_ == ServerEnd::drained) end_ = ServerEnd::given_up;
    }
    io_.stop();
  }

  void close_all() {
    hub_.on_end = [] {};
    const auto connections = hub_.connections;
    for (const auto& connection : connections) connection->close();
    const auto streams = hub_.streams;
    for (const auto& stream : streams) stream->end();
  }

  // Returns the memory of a burst of large pictures to the system once the service is idle.
  void tidy() {
    tidy_timer_.expires_after(kTidyEvery);
    tidy_timer_.async_wait([this](const SystemError& error) {
      if (error) return;
      const bool quiet = service_.engine().requests.count() == 0 && hub_.streams.empty();
      if (quiet && std::exchange(tidied_, hub_.answers) != hub_.answers) ::malloc_trim(0);
      tidy();
    });
  }

  // Ordered for destruction: connections first, then all work, then what the work calls.
  Config config_;
  Log& log_;
  AccessLog access_;
  net::io_context io_{1};
  Service service_;
  Hub hub_;
  tcp::acceptor acceptor_;
  net::steady_timer accept_timer_, drain_timer_, tidy_timer_;
  net::signal_set signals_;
  std::thread reloading_;
  bool reload_runs_ = false, reload_again_ = false;
  std::uint64_t tidied_ = 0;  // number of answers at the last tidy()
  ServerEnd end_ = ServerEnd::drained;
};

}  // namespace

ServerEnd run_server(const Config& config, AccessFormat format, std::ostream& output, Log& log) {
  return Server(config, format, output, log).run();
}

}  // namespace fer::serve
