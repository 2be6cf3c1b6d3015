// Progress of long work for a Log: done units, their rate, and the time left at this rate.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "fer/core/log.h"

namespace fer {

class WorkProgress {
 public:
  // Starts the clock. `before`: units that were done earlier; at() counts them as done, but not in
  // the rate.
  WorkProgress(std::string title, std::string unit, std::int64_t before = 0)
      : title_(std::move(title)), unit_(std::move(unit)), before_(before) {}

  // The progress when `done` of `total` units are done.
  Progress at(std::int64_t done, std::int64_t total) const;

 private:
  std::string title_, unit_;
  std::int64_t before_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace fer
