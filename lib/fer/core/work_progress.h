// How far long work has come, as a Log is told it: done, rate and time left are of one unit.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "fer/core/log.h"

namespace fer {

class WorkProgress {
 public:
  // The clock starts. `before`: of the units that will be told as done, those that were so already.
  WorkProgress(std::string title, std::string unit, std::int64_t before = 0)
      : title_(std::move(title)), unit_(std::move(unit)), before_(before) {}

  // `done` of `total` units: how many that is a second, and how long the rest takes at this rate.
  Progress at(std::int64_t done, std::int64_t total) const;

 private:
  std::string title_, unit_;
  std::int64_t before_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace fer
