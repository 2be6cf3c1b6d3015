// State that the connections of a server share. Only the I/O thread uses it.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <set>

#include "fer/serve/access_log.h"
#include "fer/serve/service.h"

namespace fer::serve {

class Connection;
class StreamSession;

// Counts bytes up to a bound. Any thread may give bytes back.
class Budget {
 public:
  explicit Budget(std::size_t most) : most_(most) {}

  bool take(std::size_t bytes) {
    const std::size_t before = held_.fetch_add(bytes);
    if (before + bytes <= most_) return true;
    held_ -= bytes;
    return false;
  }
  void give_back(std::size_t bytes) { held_ -= bytes; }
  std::size_t held() const { return held_; }

 private:
  std::size_t most_;
  std::atomic<std::size_t> held_ = 0;
};

struct Hub {
  Hub(const Config& given, Service& asked, AccessLog& log, boost::asio::io_context& context)
      : config(given),
        service(asked),
        access(log),
        io(context),
        bodies(given.limits.waiting_bodies) {}

  const Config& config;
  Service& service;
  AccessLog& access;
  boost::asio::io_context& io;
  Budget bodies;
  std::set<std::shared_ptr<Connection>> connections;
  // Connections that may be closed for a new one (Connection::is_spare), the longest in their phase
  // first.
  std::list<Connection*> spare;
  std::set<std::shared_ptr<StreamSession>> streams;
  bool draining = false;
  std::uint64_t answers = 0;             // given so far
  std::function<void()> on_end = [] {};  // called at the end of any connection or stream

  std::size_t open() const { return connections.size() + streams.size(); }
  Gauges gauges() const { return {service_requests(), open(), streams.size(), bodies.held()}; }

 private:
  std::size_t service_requests() const { return service.engine().requests.count(); }
};

}  // namespace fer::serve
