#include "fer/serve/workers.h"

#include <utility>

namespace fer::serve {

Workers::Workers(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::post(Task task, Turn turn) {
  {
    const std::lock_guard lock(mutex_);
    (turn == Turn::soon ? soon_ : usual_).push_back(std::move(task));
  }
  arrived_.notify_one();
}

std::size_t Workers::waiting() const {
  const std::lock_guard lock(mutex_);
  return usual_.size() + soon_.size();
}

bool Workers::take(Task& task) {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return ending_ || !usual_.empty() || !soon_.empty(); });
  std::deque<Task>& queue = soon_.empty() ? usual_ : soon_;
  if (queue.empty()) return false;
  task = std::move(queue.front());
  queue.pop_front();
  return true;
}

void Workers::work() {
  for (Task task; take(task); task = nullptr) {
    try {
      task();
    } catch (...) {  // a request without an answer gets that of its time-out
    }
  }
}

}  // namespace fer::serve
