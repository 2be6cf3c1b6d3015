#include "fer/predict/pipeline.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <numeric>
#include <stdexcept>

#include "support/catch.h"

namespace fer::predict {
namespace {

using Ints = std::vector<int>;
using IntPipeline = Pipeline<int>;

IntPipeline::Source counting_to(int last) {
  return [next = 0, last](int& item) mutable {
    item = ++next;
    return next <= last;
  };
}

IntPipeline::Stage adding(int value) {
  return {"add",
          [value](Ints& items) {
            for (int& item : items) item += value;
          },
          1, 2};
}

IntPipeline::Stage collecting(Ints& all) {
  return {"collect", [&all](Ints& items) { all.insert(all.end(), items.begin(), items.end()); }, 1,
          2};
}

Ints numbers(int first, int count) {
  Ints all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), first);
  return all;
}

const std::atomic<bool> kNever = false;

TEST_CASE("Every item passes every stage once, in order, and waits for no one behind it",
          "[predict][unit]") {
  Ints all;
  IntPipeline pipeline(counting_to(1000), {adding(1), adding(10), collecting(all)}, WhenFull::wait);
  pipeline.run(kNever);
  CHECK(all == numbers(12, 1000));
  const PipelineStats stats = pipeline.stats();
  REQUIRE(stats.stages.size() == 4);
  CHECK(stats.stages[0].name == "source");
  for (const StageStats& stage : stats.stages) CHECK(stage.items == 1000);
  CHECK(stats.latency.items == 1000);
  CHECK(stats.dropped == 0);
}

TEST_CASE("Several workers of a stage keep the items' order, and work at the same time",
          "[predict][unit]") {
  // Each waits for the other, so they can only go on together.
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0, met = 0;
  std::atomic<int> crowded = 0;
  const auto meet = [&](Ints& items) {
    if (items.size() != 1) ++crowded;  // Catch's own checks are for one thread
    if (items.front() > 2) return;
    std::unique_lock<std::mutex> lock(mutex);
    if (++inside == 2) met = 2;
    changed.notify_all();
    changed.wait(lock, [&] { return met == 2; });
  };
  Ints all;
  IntPipeline::Stage stage{"meet", meet, 1, 2};
  stage.workers = 3;
  IntPipeline pipeline(counting_to(2000), {stage, adding(10), collecting(all)}, WhenFull::wait);
  pipeline.run(kNever);
  CHECK(all == numbers(11, 2000));
  CHECK(crowded == 0);
  CHECK(pipeline.stats().stages[1].items == 2000);
}

TEST_CASE("A worker that fails ends the others, who may wait for its turn", "[predict][unit]") {
  for (const int last : {60, 1 << 30}) {
    CAPTURE(last);
    IntPipeline::Stage stage = adding(0);
    stage.workers = 4;
    stage.work = [](Ints& items) {
      if (items.front() == 50) throw std::runtime_error("fifty");
    };
    Ints all;
    IntPipeline pipeline(counting_to(last), {stage, collecting(all)}, WhenFull::wait);
    CHECK_THROWS_WITH(pipeline.run(kNever), "fifty");
    CHECK(all.size() < 50);
  }
}

TEST_CASE("A source without items ends at once", "[predict][unit]") {
  Ints all;
  IntPipeline pipeline(counting_to(0), {adding(1), collecting(all)}, WhenFull::wait);
  pipeline.run(kNever);
  CHECK(all.empty());
}

TEST_CASE("No more items are alive than the queues and the stages hold", "[predict][unit]") {
  std::atomic<int> alive = 0, most = 0;
  const auto source = [&, next = 0](int& item) mutable {
    item = ++next;
    if (next > 500) return false;
    const int now = ++alive;
    most = std::max(most.load(), now);
    return true;
  };
  IntPipeline pipeline(
      source,
      {adding(1), {"count", [&](Ints& items) { alive -= static_cast<int>(items.size()); }, 1, 3}},
      WhenFull::wait);
  pipeline.run(kNever);
  // Two and three before the stages, one in each, one that the source holds.
  CHECK(most.load() <= 2 + 1 + 3 + 1 + 1);
}

TEST_CASE("A stage that takes several gets what is waiting, at most as many as it asks for",
          "[predict][unit]") {
  std::promise<void> filled, begun;
  const std::shared_future<void> full = filled.get_future().share();
  const std::shared_future<void> begin = begun.get_future().share();
  std::vector<std::size_t> sizes;
  // The stage has the first item alone, and waits until six more do.
  const auto source = [&, next = 0](int& item) mutable {
    if (next == 1) begin.wait();
    item = ++next;
    if (next == 8) filled.set_value();
    return next <= 9;
  };
  Ints all;
  const IntPipeline::Stage gather{"gather",
                                  [&](Ints& items) {
                                    if (all.empty()) begun.set_value();
                                    full.wait();
                                    sizes.push_back(items.size());
                                    all.insert(all.end(), items.begin(), items.end());
                                  },
                                  4, 8};
  IntPipeline pipeline(source, {gather}, WhenFull::wait);
  pipeline.run(kNever);
  CHECK(all == numbers(1, 9));
  CHECK(sizes.at(0) == 1);
  CHECK(sizes.at(1) == 4);
}

TEST_CASE("A live source drops the oldest items rather than wait, and says how many",
          "[predict][unit]") {
  // The stage holds the first item until the source has ended.
  std::promise<void> ended;
  const std::shared_future<void> end = ended.get_future().share();
  std::promise<void> begun;
  const std::shared_future<void> begin = begun.get_future().share();
  const auto source = [&, next = 0](int& item) mutable {
    if (next == 1) begin.wait();
    item = ++next;
    if (next <= 100) return true;
    ended.set_value();
    return false;
  };
  Ints all;
  const auto hold = [&](Ints& items) {
    if (all.empty()) begun.set_value();
    all.insert(all.end(), items.begin(), items.end());
    end.wait();
  };
  IntPipeline pipeline(source, {{"hold", hold, 1, 2}}, WhenFull::drop_oldest);
  pipeline.run(kNever);
  // What waits when the last has come is the newest; the end's mark needs a place, too.
  CHECK(all == Ints{1, 99, 100});
  CHECK(pipeline.stats().dropped == 97);
}

TEST_CASE("Of a live source only the newest items wait, wherever it is slow", "[predict][unit]") {
  // The last stage holds its first item until the source has ended.
  std::promise<void> ended, begun;
  const std::shared_future<void> end = ended.get_future().share();
  const std::shared_future<void> begin = begun.get_future().share();
  const auto source = [&, next = 0](int& item) mutable {
    if (next == 1) begin.wait();
    item = ++next;
    if (next <= 200) return true;
    ended.set_value();
    return false;
  };
  Ints all;
  const auto hold = [&](Ints& items) {
    if (all.empty()) begun.set_value();
    all.insert(all.end(), items.begin(), items.end());
    end.wait();
  };
  IntPipeline pipeline(source, {adding(0), {"hold", hold, 1, 2}}, WhenFull::drop_oldest);
  pipeline.run(kNever);
  // One held, two and one that wait behind it, and the two newest before the first stage.
  CHECK(all.size() <= 1 + 2 + 1 + 2);
  CHECK(all.back() == 200);
}

TEST_CASE("A failure wakes a source that sleeps", "[predict][unit]") {
  std::promise<void> woken;
  const std::shared_future<void> wake = woken.get_future().share();
  const auto source = [&, next = 0](int& item) mutable {
    item = ++next;
    if (next == 2) wake.wait();
    return next < 2;
  };
  const IntPipeline::Stage failing{"fail", [](Ints&) { throw std::runtime_error("failed"); }, 1, 2};
  IntPipeline pipeline(source, {failing}, WhenFull::wait, [&] { woken.set_value(); });
  CHECK_THROWS_WITH(pipeline.run(kNever), "failed");
}

TEST_CASE("A stage that fails ends all of them, and its exception comes out", "[predict][unit]") {
  for (const std::size_t failing : {0U, 1U, 2U}) {
    CAPTURE(failing);
    std::vector<IntPipeline::Stage> stages = {adding(0), adding(0), adding(0)};
    stages[failing].work = [](Ints& items) {
      if (items.front() == 50) throw std::runtime_error("fifty");
    };
    // A source without end: only the failure can end it.
    IntPipeline pipeline(counting_to(1 << 30), stages, WhenFull::wait);
    CHECK_THROWS_WITH(pipeline.run(kNever), "fifty");
  }
}

TEST_CASE("A source that fails is reported as a stage is", "[predict][unit]") {
  const auto source = [](int&) -> bool { throw std::runtime_error("gone"); };
  Ints all;
  IntPipeline pipeline(source, {adding(1), collecting(all)}, WhenFull::wait);
  CHECK_THROWS_WITH(pipeline.run(kNever), "gone");
}

TEST_CASE("Asked to stop, a pipeline finishes what is under way", "[predict][unit]") {
  std::atomic<bool> stop = false;
  std::atomic<int> made = 0;
  const auto source = [&](int& item) {
    item = ++made;
    return true;
  };
  Ints all;
  const auto collect = [&](Ints& items) {
    all.insert(all.end(), items.begin(), items.end());
    if (all.size() >= 20) stop = true;
  };
  IntPipeline pipeline(source, {adding(0), {"collect", collect, 1, 2}}, WhenFull::wait);
  pipeline.run(stop);
  CHECK(all == numbers(1, made.load()));
}

}  // namespace
}  // namespace fer::predict
