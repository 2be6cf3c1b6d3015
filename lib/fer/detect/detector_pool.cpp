#include "fer/detect/detector_pool.h"

#include <algorithm>
#include <utility>

namespace fer::detect {

DetectorPool::DetectorPool(Open open, std::size_t most)
    : open_(std::move(open)), most_(std::max<std::size_t>(most, 1)) {
  free_.reserve(most_);
  free_.push_back(open_());
  opened_ = 1;
}

std::unique_ptr<Detector> DetectorPool::take() {
  std::unique_lock<std::mutex> lock(mutex_);
  given_back_.wait(lock, [this] { return !free_.empty() || opened_ < most_; });
  if (!free_.empty()) {
    std::unique_ptr<Detector> detector = std::move(free_.back());
    free_.pop_back();
    return detector;
  }
  ++opened_;
  lock.unlock();  // opening takes long
  return open_one();
}

std::unique_ptr<Detector> DetectorPool::open_one() {
  try {
    return open_();
  } catch (...) {
    const std::lock_guard<std::mutex> lock(mutex_);
    --opened_;
    given_back_.notify_one();
    throw;
  }
}

void DetectorPool::give_back(std::unique_ptr<Detector> detector) {
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(detector));
  given_back_.notify_one();
}

}  // namespace fer::detect
