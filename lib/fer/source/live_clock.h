// A monotonic clock for live sources.
#pragma once

#include <chrono>
#include <optional>

namespace fer::source {

class LiveClock {
 public:
  // Seconds since the first call.
  double seconds() {
    const auto now = std::chrono::steady_clock::now();
    if (!first_) first_ = now;
    return std::chrono::duration<double>(now - *first_).count();
  }

 private:
  std::optional<std::chrono::steady_clock::time_point> first_;
};

}  // namespace fer::source
