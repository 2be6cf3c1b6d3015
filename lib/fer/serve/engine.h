// Does the work of requests, independent of their protocol: models, detectors and worker threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include "fer/serve/batcher.h"
#include "fer/serve/config.h"
#include "fer/serve/detectors.h"
#include "fer/serve/metrics.h"
#include "fer/serve/models.h"
#include "fer/serve/workers.h"

namespace fer::serve {

// Counts work in progress, which threads pass to each other, so that no thread ends before all is
// done.
class UnderWay {
 public:
  class Token {
   public:
    explicit Token(UnderWay& counter) : counter_(counter) { counter_.change(1); }
    ~Token() { counter_.change(-1); }
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;

   private:
    UnderWay& counter_;
  };

  std::size_t count() const;
  void wait_until_none();

 private:
  void change(int by);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_ = 0;
};

class Engine {
 public:
  // @throws fer::Error for models and detectors that are missing or broken.
  Engine(const Config& config, Metrics& metrics);
  ~Engine();  // waits until all work is done

  const Config& config;
  Metrics& metrics;
  ModelShelf models;
  Detectors detectors;
  UnderWay requests;  // accepted ones; config.limits.queue bounds them
  UnderWay work;      // pictures and faces, also of streams
  Batcher batcher;
  Workers workers;
};

}  // namespace fer::serve
