#include "fer/runtime/team.h"

#include <atomic>
#include <new>
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
      std::atomic<int> under_way = 0;
      const auto work = [&](std::int64_t piece, int) {
        ++under_way;
        const bool fails = piece % 3 == i % 3;
        --under_way;
        if (fails) throw std::bad_alloc();
      };
      CHECK_THROWS_AS(team.run(50, work), std::bad_alloc);
      CHECK(under_way == 0);
      std::atomic<int> done = 0;
      team.run(50, [&](std::int64_t, int) { ++done; });
      CHECK(done == 50);
    }
  }
}

TEST_CASE("Behind a piece that throws no further one is begun", "[runtime][unit]") {
  Team team(3);
  std::atomic<std::int64_t> begun = 0;
  const auto work = [&](std::int64_t, int) {
    if (++begun == 5) throw std::bad_alloc();
  };
  CHECK_THROWS_AS(team.run(1'000'000'000'000, work), std::bad_alloc);
  // All of them would take hours.
}

}  // namespace
}  // namespace fer::runtime
