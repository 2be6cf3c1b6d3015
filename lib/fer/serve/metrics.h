// The metrics of a service, in the text format of Prometheus.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fer::serve {

// The number of values up to each bound, and their sum.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);

  void add(double value);
  // Lines of the buckets, the sum and the count; `labels` is empty or 'stage="detect"'.
  std::string text(const std::string& name, const std::string& labels) const;

 private:
  std::vector<double> bounds_;
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> counts_;
  double sum_ = 0.0;
};

// The stages of a request, in this order; `finish` draws and explains.
enum class Stage { read, wait, decode, detect, classify, finish };

// Values that are measured at each request for metrics.
struct Gauges {
  std::size_t queue = 0, connections = 0, streams = 0, held_bytes = 0;
};

// Any thread may call any function.
class Metrics {
 public:
  Metrics();

  void request(const std::string& route, int status, double seconds);
  void stage(Stage stage, double seconds) { stages_[static_cast<std::size_t>(stage)].add(seconds); }
  void batch(std::size_t faces) { batches_.add(static_cast<double>(faces)); }
  void face(const std::string& label);
  void refused_connection() { ++refused_; }
  void stream_frame() { ++frames_; }
  void dropped_frame() { ++dropped_; }
  void reload(bool done) { ++(done ? reloads_ : failed_reloads_); }

  // The moving average of the seconds of requests, without refused ones.
  double usual_seconds() const { return usual_s_.load(); }

  std::string text(const Gauges& gauges) const;

 private:
  std::chrono::system_clock::time_point start_ = std::chrono::system_clock::now();
  Histogram requests_seconds_;
  std::array<Histogram, 6> stages_;
  Histogram batches_;
  std::atomic<std::uint64_t> refused_ = 0, frames_ = 0, dropped_ = 0, reloads_ = 0,
                             failed_reloads_ = 0;
  std::atomic<double> usual_s_ = 0.0;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;  // by route and code
  std::map<std::string, std::uint64_t> faces_;                     // by label
};

// Measures one stage from its construction to its destruction.
class StageTimer {
 public:
  StageTimer(Metrics& metrics, Stage stage) : metrics_(metrics), stage_(stage) {}
  ~StageTimer() {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start_;
    metrics_.stage(stage_, took.count());
  }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  Metrics& metrics_;
  Stage stage_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace fer::serve
