#include "fer/detect/detector_pool.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace fer::detect {

DetectorPool::DetectorPool(Open open, std::size_t most)
    : open_(std::move(open)), most_(std::max<std::size_t>(most, 1)) {
  free_.reserve(most_);
  free_.push_back(open_());
  opened_ = 1;
  if (auto copies = free_.front()->copies()) open_ = std::move(copies);
}

std::unique_ptr<Detector> DetectorPool::take() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    given_back_.wait(lock, [this] { return !free_.empty() || opened_ < most_; });
    if (!free_.empty()) {
      std::unique_ptr<Detector> detector = std::move(free_.back());
      free_.pop_back();
      return detector;
    }
    ++opened_;
    lock.unlock();  // opening takes long
    std::unique_ptr<Detector> detector = open_further();
    if (detector) return detector;
    lock.lock();
    most_ = --opened_;
  }
}

// Null if opening fails for any reason: the pool works without this detector.
std::unique_ptr<Detector> DetectorPool::open_further() const {
  try {
    return open_();
  } catch (const std::exception&) {
    return nullptr;
  }
}

void DetectorPool::give_back(std::unique_ptr<Detector> detector) {
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(detector));
  given_back_.notify_one();
}

}  // namespace fer::detect
