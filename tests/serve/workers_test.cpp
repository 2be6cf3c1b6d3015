#include "fer/serve/workers.h"

#include <atomic>
#include <future>
#include <memory>
#include <new>
#include <vector>

#include "fer/serve/engine.h"
#include "support/catch.h"

namespace fer::serve {
namespace {

TEST_CASE("Workers do all tasks before they end", "[serve][unit]") {
  std::atomic<int> done = 0;
  {
    Workers workers(3);
    for (int i = 0; i < 1000; ++i) workers.post([&] { ++done; });
  }
  CHECK(done == 1000);
}

TEST_CASE("A task that finds no memory does not end the others", "[serve][unit]") {
  std::atomic<int> done = 0;
  {
    Workers workers(2);
    for (int i = 0; i < 10; ++i) {
      workers.post([&] {
        ++done;
        throw std::bad_alloc();
      });
    }
  }
  CHECK(done == 10);
}

TEST_CASE("What is soon comes before what waits", "[serve][unit]") {
  std::vector<int> order;
  {
    std::promise<void> begin;  // outlives the workers that wait for it
    Workers workers(1);
    workers.post([&] { begin.get_future().wait(); });
    workers.post([&] { order.push_back(1); });
    workers.post([&] { order.push_back(2); });
    workers.post([&] { order.push_back(3); }, Workers::Turn::soon);
    begin.set_value();
  }
  CHECK(order == std::vector<int>{3, 1, 2});
}

TEST_CASE("Who waits for what is under way waits until all of it is done", "[serve][unit]") {
  UnderWay counter;
  counter.wait_until_none();
  std::atomic<int> done = 0;
  {
    Workers workers(4);
    for (int i = 0; i < 100; ++i) {
      workers.post([&done, token = std::make_shared<UnderWay::Token>(counter)] { ++done; });
    }
    counter.wait_until_none();
    CHECK(done == 100);
    CHECK(counter.count() == 0);
  }
}

}  // namespace
}  // namespace fer::serve
