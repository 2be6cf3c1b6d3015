// Threads that run tasks, each one task at a time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fer::serve {

class Workers {
 public:
  // Where it throws, which is for want of memory, the others go on.
  using Task = std::function<void()>;

  // soon: before all usual tasks, because it ends work that was begun, or would be outdated.
  enum class Turn { usual, soon };

  explicit Workers(int threads);
  ~Workers();  // waits until all tasks are done
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void post(Task task, Turn turn = Turn::usual);
  std::size_t waiting() const;

 private:
  void work();
  bool take(Task& task);

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Task> usual_, soon_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fer::serve
