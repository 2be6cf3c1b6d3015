// Stages that work at the same time, each on a thread of its own, with bounded queues between them.
// It is independent of pictures: the caller chooses the type of items.
#pragma once

#include <tbb/concurrent_queue.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fer/predict/pipeline_stats.h"

namespace fer::predict {

// What the source does when the first stage is behind: it waits, so that no frame of a file is
// lost, or drops the oldest frame, so that a camera's frames do not grow old.
enum class WhenFull { wait, drop_oldest };

// One run of one source. Items keep their order.
template <class Item>
class Pipeline {
 public:
  // Puts the next item into its argument; false after the last one.
  using Source = std::function<bool(Item&)>;

  struct Stage {
    std::string name;
    // Works on items in place: on all that wait, from one up to `most`.
    std::function<void(std::vector<Item>&)> work;
    std::size_t most = 1;
    std::size_t waiting = 2;  // most items in the queue before the stage, which bounds memory
    // If more than one, this many threads call `work` at once, each with a single item. Not for the
    // last stage.
    std::size_t workers = 1;
  };

  // The stage that fails calls `on_failure` before it waits for the others, so that a sleeping
  // source can be woken. May be empty.
  Pipeline(Source source, std::vector<Stage> stages, WhenFull when_full,
           std::function<void()> on_failure = {})
      : source_(std::move(source)),
        stages_(std::move(stages)),
        when_full_(when_full),
        on_failure_(std::move(on_failure)) {
    stats_.emplace_back("source");
    for (const Stage& stage : stages_) {
      queues_.emplace_back().set_capacity(static_cast<std::ptrdiff_t>(stage.waiting));
      turns_.emplace_back();
      stats_.emplace_back(stage.name);
    }
  }

  // Runs until the source ends, or until `stop` is set and all items in the pipeline have come
  // through. The last stage runs on the calling thread, as windows require. The first exception of
  // any stage ends all stages and is thrown here.
  void run(const std::atomic<bool>& stop) {
    std::vector<std::function<void()>> tasks;
    tasks.emplace_back([&] { feed(stop); });
    for (std::size_t i = 0; i + 1 < stages_.size(); ++i) {
      if (stages_[i].workers <= 1) tasks.emplace_back([this, i] { serve(i); });
      for (std::size_t w = 0; stages_[i].workers > 1 && w < stages_[i].workers; ++w) {
        tasks.emplace_back([this, i] { serve_in_turn(i); });
      }
    }
    running_ = static_cast<int>(tasks.size()) + 1;
    std::vector<std::thread> threads;
    try {
      for (const auto& task : tasks) threads.emplace_back([this, &task] { guarded(task); });
    } catch (...) {  // the system gives no more threads
      running_ -= static_cast<int>(tasks.size() - threads.size());
      const std::exception_ptr failure = std::current_exception();
      guarded([&] { std::rethrow_exception(failure); });
      for (std::thread& thread : threads) thread.join();
      throw;
    }
    guarded([&] { serve(stages_.size() - 1); });
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
  }

  // May be called during the run. The source comes first.
  PipelineStats stats() const {
    PipelineStats stats;
    for (const StageCounter& counter : stats_) stats.stages.push_back(counter.read());
    stats.dropped = dropped_.load();
    stats.latency = latency_.read();
    return stats;
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Carried {
    Item item{};
    Clock::time_point born{};
    bool end = false;  // marks the end, after the last item
  };
  // Keeps the order of items among the workers of one stage: each worker takes a numbered item and
  // passes it on when its number is next.
  struct Turns {
    std::mutex take;
    std::int64_t taken = 0;
    bool ended = false;
    std::mutex pass;
    std::condition_variable passed_one;
    std::int64_t passed = 0;
  };
  // With the standard allocator, because ThreadSanitizer does not see into TBB's.
  using Queue = tbb::concurrent_bounded_queue<Carried, std::allocator<Carried>>;

  template <class Work>
  void guarded(const Work& work) {
    try {
      work();
      --running_;
    } catch (const tbb::user_abort&) {  // another stage failed
      --running_;
    } catch (...) {
      const std::exception_ptr failure = std::current_exception();
      {
        const std::lock_guard<std::mutex> lock(failure_mutex_);
        if (!failure_) failure_ = failure;
      }
      failed_ = true;
      if (on_failure_) on_failure_();
      --running_;
      wake_others();
    }
  }

  // Repeated, because an abort wakes only threads that sleep already, not those that are about to.
  void wake_others() {
    while (running_.load() > 0) {
      for (Queue& queue : queues_) queue.abort();
      for (Turns& turns : turns_) turns.passed_one.notify_all();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  void feed(const std::atomic<bool>& stop) {
    while (!stop.load() && !failed_.load()) {
      Carried carried;
      const auto start = Clock::now();
      const bool more = source_(carried.item);
      stats_.front().add(more ? 1 : 0, Clock::now() - start);
      if (!more) break;
      carried.born = Clock::now();
      offer(std::move(carried));
    }
    push(queues_.front(), Carried{.end = true});
  }

  void offer(Carried carried) {
    if (when_full_ == WhenFull::wait) return push(queues_.front(), std::move(carried));
    while (!queues_.front().try_push(std::move(carried))) {
      Carried oldest;
      if (queues_.front().try_pop(oldest)) ++dropped_;
    }
  }

  void push(Queue& queue, Carried carried) {
    if (failed_.load()) throw tbb::user_abort();
    queue.push(std::move(carried));
  }

  void pop(Queue& queue, Carried& carried) {
    if (failed_.load()) throw tbb::user_abort();
    queue.pop(carried);
  }

  void serve(std::size_t number) {
    const Stage& stage = stages_[number];
    Queue& in = queues_[number];
    for (bool end = false; !end;) {
      std::vector<Item> items;
      std::vector<Clock::time_point> births;
      Carried carried;
      pop(in, carried);
      do {
        end = carried.end;
        if (end) break;
        items.push_back(std::move(carried.item));
        births.push_back(carried.born);
      } while (items.size() < stage.most && in.try_pop(carried));
      if (!items.empty()) work(number, items);
      pass_on(number, items, births, end);
    }
  }

  // As serve(), for a stage that several threads serve.
  void serve_in_turn(std::size_t number) {
    Turns& turns = turns_[number];
    for (bool end = false; !end;) {
      Carried carried;
      std::int64_t turn = 0;
      {
        const std::lock_guard<std::mutex> lock(turns.take);
        if (turns.ended) return;
        pop(queues_[number], carried);
        turn = turns.taken++;
        end = turns.ended = carried.end;
      }
      std::vector<Item> items;
      if (!end) {
        items.push_back(std::move(carried.item));
        work(number, items);
      }
      await(turns, turn);
      pass_on(number, items, {carried.born}, end);
      const std::lock_guard<std::mutex> lock(turns.pass);
      ++turns.passed;
      turns.passed_one.notify_all();
    }
  }

  void await(Turns& turns, std::int64_t turn) {
    std::unique_lock<std::mutex> lock(turns.pass);
    turns.passed_one.wait(lock, [&] { return turns.passed == turn || failed_.load(); });
    if (failed_.load()) throw tbb::user_abort();
  }

  void work(std::size_t number, std::vector<Item>& items) {
    const auto start = Clock::now();
    stages_[number].work(items);
    stats_[number + 1].add(static_cast<std::int64_t>(items.size()), Clock::now() - start);
  }

  void pass_on(std::size_t number, std::vector<Item>& items,
               const std::vector<Clock::time_point>& births, bool end) {
    if (number + 1 == stages_.size()) {
      for (const Clock::time_point born : births) latency_.add(Clock::now() - born);
      return;
    }
    Queue& out = queues_[number + 1];
    for (std::size_t i = 0; i < items.size(); ++i) push(out, {std::move(items[i]), births[i]});
    if (end) push(out, Carried{.end = true});
  }

  Source source_;
  std::vector<Stage> stages_;
  WhenFull when_full_;
  std::function<void()> on_failure_;
  std::deque<Queue> queues_;        // before each stage
  std::deque<Turns> turns_;         // of each stage
  std::deque<StageCounter> stats_;  // of the source and each stage
  LatencyCounter latency_;          // from the source to the end of the last stage
  std::atomic<std::int64_t> dropped_ = 0;
  std::atomic<bool> failed_ = false;
  std::atomic<int> running_ = 0;
  std::mutex failure_mutex_;
  std::exception_ptr failure_;
};

}  // namespace fer::predict
