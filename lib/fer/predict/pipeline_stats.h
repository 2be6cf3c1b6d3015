// Measures how fast the stages of a pipeline are, and how long an item takes through all of them,
// in constant memory.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fer::predict {

struct StageStats {
  std::string name;
  std::int64_t items = 0;
  // Working time of all its threads; for the source also the time that it waited for input.
  double busy_s = 0.0;
};

struct LatencyStats {
  std::int64_t items = 0;
  double median_s = 0.0, p95_s = 0.0;  // to within 10 %
  double worst_s = 0.0;
};

struct PipelineStats {
  std::vector<StageStats> stages;
  std::int64_t dropped = 0;
  LatencyStats latency;
};

// "detect 25.2 ms, classify 1.1 ms; 31 ms from frame to result (95 %: 40 ms); 3 frames dropped"
std::string describe(const PipelineStats& stats);

// Safe to use from several threads.
class StageCounter {
 public:
  explicit StageCounter(std::string name) : name_(std::move(name)) {}

  void add(std::int64_t items, std::chrono::nanoseconds busy) {
    items_ += items;
    busy_ns_ += busy.count();
  }
  StageStats read() const;

 private:
  std::string name_;
  std::atomic<std::int64_t> items_ = 0;
  std::atomic<std::int64_t> busy_ns_ = 0;
};

// Counts times in classes from 10 microseconds on, each a tenth longer than the one before.
class LatencyCounter {
 public:
  void add(std::chrono::nanoseconds time);
  LatencyStats read() const;

 private:
  static constexpr std::size_t kClasses = 192;
  std::array<std::atomic<std::int64_t>, kClasses> counts_{};
  std::atomic<std::int64_t> worst_ns_ = 0;
};

}  // namespace fer::predict
