// Detectors for several threads: each detector serves one at a time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "fer/detect/detector.h"

namespace fer::detect {

class DetectorPool {
 public:
  using Open = std::function<std::unique_ptr<Detector>()>;

  // Opens one detector at once, so that a broken file is an error here. When all are in use, a
  // thread that needs one makes another, up to `most` in all: a copy of the first
  // (Detector::copies), or by `open`. If that fails, for example for lack of memory, the pool goes
  // on with those that it has. @throws what `open` throws.
  DetectorPool(Open open, std::size_t most);
  DetectorPool(const DetectorPool&) = delete;
  DetectorPool& operator=(const DetectorPool&) = delete;

  // Holds a detector while it lives. Any number of threads may ask for one; they wait until one is
  // free.
  class Lease {
   public:
    explicit Lease(DetectorPool& pool) : pool_(pool), detector_(pool.take()) {}
    ~Lease() { pool_.give_back(std::move(detector_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Detector& operator*() const { return *detector_; }
    Detector* operator->() const { return detector_.get(); }

   private:
    DetectorPool& pool_;
    std::unique_ptr<Detector> detector_;
  };

 private:
  std::unique_ptr<Detector> take();
  std::unique_ptr<Detector> open_further() const;
  void give_back(std::unique_ptr<Detector> detector);

  Open open_;
  std::size_t most_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<std::unique_ptr<Detector>> free_;
  std::size_t opened_ = 0;
};

}  // namespace fer::detect
