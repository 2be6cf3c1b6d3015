#include "fer/runtime/team.h"

#include <atomic>
#include <new>
#include <thread>
#include <vector>

#include "support/catch.h"

namespace fer::runtime {
namespace {

TEST_CASE("A team does every piece once, by members it has", "[runtime][unit]") {
  for (const int size : {1, 2, 5}) {
    Team team(size);
    CHECK(team.size() == size);
    for (const std::int64_t pieces : {0, 1, 2, 7, 100}) {
      CAPTURE(size, pieces);
      std::vector<std::atomic<int>> done(static_cast<std::size_t>(pieces));
      std::atomic<bool> strangers = false;
      team.run(pieces, [&](std::int64_t piece, int member) {
        ++done[static_cast<std::size_t>(piece)];
        if (member < 0 || member >= size) strangers = true;
      });
      for (const auto& times : done) CHECK(times == 1);
      CHECK_FALSE(strangers);
    }
  }
}

TEST_CASE("A team works again and again", "[runtime][unit]") {
  Team team(3);
  std::atomic<std::int64_t> sum = 0;
  for (int i = 0; i < 2000; ++i) {
    team.run(4, [&](std::int64_t piece, int) { sum += piece; });
  }
  CHECK(sum == 2000 * 6);
}

TEST_CASE("What a piece throws is thrown on, and the team goes on working", "[runtime][unit]") {
  for (const int size : {1, 2, 5}) {
    Team team(size);
    for (int i = 0; i < 200; ++i) {
      CAPTURE(size, i);
      const auto work = [&](std::int64_t piece, int) {
        if (piece % 3 == i % 3) throw std::bad_alloc();
      };
      CHECK_THROWS_AS(team.run(50, work), std::bad_alloc);
      std::atomic<int> done = 0;
      team.run(50, [&](std::int64_t, int) { ++done; });
      CHECK(done == 50);
    }
  }
}

// All pieces would take hours: the run ends because no further one is begun.
constexpr std::int64_t kNoEnd = 1'000'000'000'000;

TEST_CASE("A helper's exception, too, ends the run", "[runtime][unit]") {
  Team team(3);
  if (team.size() == 1) FER_SKIP("the system gives no more threads");
  const auto work = [](std::int64_t, int member) {
    if (member != 0) throw std::bad_alloc();
  };
  CHECK_THROWS_AS(team.run(kNoEnd, work), std::bad_alloc);
}

TEST_CASE("A run that fails waits for the pieces that are under way", "[runtime][unit]") {
  Team team(3);
  if (team.size() == 1) FER_SKIP("the system gives no more threads");
  std::atomic<bool> helper_works = false, has_failed = false, helper_is_done = false;
  const auto work = [&](std::int64_t, int member) {
    if (member == 0) {
      if (!helper_works) return;
      has_failed = true;
      throw std::bad_alloc();
    }
    helper_works = true;
    while (!has_failed) std::this_thread::yield();
    helper_is_done = true;
  };
  CHECK_THROWS_AS(team.run(kNoEnd, work), std::bad_alloc);
  CHECK(helper_is_done);
}

}  // namespace
}  // namespace fer::runtime
