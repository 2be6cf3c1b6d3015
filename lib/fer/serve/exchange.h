// A request and its answer, independent of the transport.
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
  std::string json_bytes;  // header Inference-Header-Content-Length of KServe's clients
  std::string body;
  std::shared_ptr<void> held;  // the body's part of Limits::waiting_bodies; given back at its end
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  Fields headers;
};

// Code that works on a request holds its exchange. The first answer counts; later ones, and answers
// after the end of the request (timed out, client gone), are dropped.
class Exchange {
 public:
  using Reply = std::function<void(Response)>;

  Exchange(Request asked, Reply reply) : request(std::move(asked)), reply_(std::move(reply)) {}

  // Any thread may call it.
  void reply(Response response) {
    if (!over_.exchange(true)) reply_(std::move(response));
  }

  // Ends the request without an answer. Returns whether there was no answer before.
  bool give_up() { return !over_.exchange(true); }
  bool over() const { return over_.load(); }

  Request request;  // the code that works on it may take the body

 private:
  Reply reply_;
  std::atomic<bool> over_ = false;
};

using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace fer::serve
