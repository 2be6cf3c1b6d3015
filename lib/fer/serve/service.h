// Answers requests by path and method, independent of connections.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "fer/serve/engine.h"
#include "fer/serve/exchange.h"
#include "fer/serve/picture_input.h"

namespace fer::serve {

// How to treat a request before its body has come.
struct Route {
  std::string_view name;        // in logs and metrics: "/v2/models/{model}/infer"
  std::string_view methods;     // "GET", "POST"
  bool open = false;            // needs no token
  bool works = false;           // takes a place in the queue and has a body
  bool stream = false;          // becomes a WebSocket
  std::string_view types = {};  // content types of the body
  bool (*takes)(std::string_view content_type) = nullptr;
};

// The result of a reload, for the log.
struct Reloaded {
  bool done;
  std::string text;
};

class Service {
 public:
  // `config` must outlive the service. @throws fer::Error as Engine does.
  explicit Service(const Config& config);

  // The route of a path. @throws Problem: 404, 405.
  const Route& route(std::string_view method, std::string_view path) const;

  // @throws Problem, 503 with Retry-After, if the queue is full.
  void check_room() const;

  // Answers at once, or later from another thread; never waits. /metrics calls `gauges`.
  void handle(const ExchangePtr& exchange, const std::function<Gauges()>& gauges);

  // Reloads the models; if that fails, the old ones stay. Slow, so call it from a separate thread.
  Reloaded reload();

  Engine& engine() { return engine_; }
  Metrics& metrics() { return metrics_; }

 private:
  using Place = std::shared_ptr<UnderWay::Token>;  // in the queue, until the work is done

  void queue(const ExchangePtr& exchange, const Route& route);
  void predict(const ExchangePtr& exchange, const Place& place);
  void crops(const ExchangePtr& exchange, const Place& place);
  void analyze(const ExchangePtr& exchange, const Place& place);
  void infer(const ExchangePtr& exchange, const Place& place);
  void answer_pictures(const ExchangePtr& exchange, const Place& place, PictureInput input);

  const Config& config_;
  Metrics metrics_;
  Engine engine_;
};

}  // namespace fer::serve
