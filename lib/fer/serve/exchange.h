// A request under way and its answer, without a word about how they travel.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fer::serve {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string path;  // without the query
  Fields query;      // decoded
  std::string content_type, accept;
  std::string json_bytes;  // Inference-Header-Content-Length, of KServe's clients
  std::string body;
  std::shared_ptr<void>
      held;  // what the body takes of Limits::waiting_bodies; given back at its end
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  Fields headers;
};

// Whoever works on a request holds its exchange. The first answer counts; later ones, and those
// that come when the request is over (timed out, its client gone), are dropped.
class Exchange {
 public:
  using Reply = std::function<void(Response)>;

  Exchange(Request asked, Reply reply) : request(std::move(asked)), reply_(std::move(reply)) {}

  // Any thread may call it.
  void reply(Response response) {
    if (!over_.exchange(true)) reply_(std::move(response));
  }

  // Nobody waits for the answer any more. Returns whether it had not been given before.
  bool give_up() { return !over_.exchange(true); }
  bool over() const { return over_.load(); }

  Request request;  // whoever works on it may take its body

 private:
  Reply reply_;
  std::atomic<bool> over_ = false;
};

using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace fer::serve
