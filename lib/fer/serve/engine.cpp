#include "fer/serve/engine.h"

#include "fer/image/opencv_library.h"
#include "fer/image/opencv_quiet.h"

namespace fer::serve {

std::size_t UnderWay::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void UnderWay::wait_until_none() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return count_ == 0; });
}

void UnderWay::change(int by) {
  // Notifies while it holds the lock, because the waiting thread may destroy this object as soon as
  // it gets the lock.
  const std::lock_guard lock(mutex_);
  count_ += static_cast<std::size_t>(by);
  if (count_ == 0) changed_.notify_all();
}

Engine::Engine(const Config& given, Metrics& counted)
    : config(given),
      metrics(counted),
      models(given),
      detectors(given),
      batcher(given.batch_wait_s,
              [this](std::size_t faces, double seconds) {
                metrics.batch(faces);
                metrics.stage(Stage::classify, seconds);
              }),
      workers(given.threads) {
  image::silence_opencv();
  // Each worker has its own picture, so OpenCV's threads would only get in their way.
  if (given.threads > 1) image::set_opencv_threads(1);
}

Engine::~Engine() {
  requests.wait_until_none();
  work.wait_until_none();
}

}  // namespace fer::serve
