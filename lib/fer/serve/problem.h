// The error of a request, for its client: problem details by RFC 9457.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "fer/serve/exchange.h"

namespace fer::serve {

class Problem : public std::runtime_error {
 public:
  // `detail`: the problem in one sentence.
  Problem(int status, const std::string& detail) : std::runtime_error(detail), status_(status) {}

  // Names the part of the request: "query parameter top", "inputs[0].shape".
  Problem&& in(std::string part) && {
    part_ = std::move(part);
    return std::move(*this);
  }
  Problem&& allowed(std::string what) && {
    allowed_ = std::move(what);
    return std::move(*this);
  }
  // Seconds for the header Retry-After.
  Problem&& retry_after(int seconds) && {
    retry_after_ = seconds;
    return std::move(*this);
  }

  int status() const { return status_; }
  // {"type", "title", "status", "detail"}, and "part" and "allowed" if not empty.
  nlohmann::ordered_json json() const;
  Response response() const;

 private:
  int status_;
  std::string part_, allowed_;
  int retry_after_ = 0;
};

// "Bad Request" of 400.
std::string_view status_text(int status);

}  // namespace fer::serve
