#include "fer/train/core_choice.h"

#include "support/catch.h"

namespace fer::train {
namespace {

// A step of two equal parts that take 10 ms of processor time each.
CoreChoice::Step two_parts(double wall_ms) { return {wall_ms / 1e3, 0.020, 2}; }

int steps_until(CoreChoice& choice, int cores, double wall_ms) {
  int steps = 0;
  while (choice.cores() != cores && steps < 10'000) {
    choice.record(two_parts(wall_ms));
    ++steps;
  }
  return steps;
}

TEST_CASE("All cores stay chosen while steps on them are faster than on fewer", "[train][unit]") {
  CoreChoice choice(2);
  for (int i = 0; i < 1000; ++i) {
    choice.record(two_parts(i % 3 == 0 ? 40.0 : 11.0));  // a third of the steps is disturbed
    REQUIRE(choice.cores() == 2);
  }
}

TEST_CASE("Fewer cores are chosen where most steps take longer than these alone would",
          "[train][unit]") {
  CoreChoice choice(2);
  CHECK(steps_until(choice, 1, 30.0) == 8);  // one core would take 20 ms
  // All cores are tried again; each trial in vain doubles the number of steps before the next.
  CHECK(steps_until(choice, 2, 20.0) == 32);
  CHECK(steps_until(choice, 1, 30.0) == 8);
  CHECK(steps_until(choice, 2, 20.0) == 64);
  // Once the other program has ended, all cores stay chosen.
  for (int i = 0; i < 100; ++i) choice.record(two_parts(11.0));
  CHECK(choice.cores() == 2);
  CHECK(steps_until(choice, 1, 30.0) <= 16);  // it looks at eight steps at a time
  CHECK(steps_until(choice, 2, 20.0) == 32);
}

TEST_CASE("Of many cores as many are left out as cost nothing", "[train][unit]") {
  CoreChoice choice(4);
  // Eight parts of 10 ms: 20 ms on four cores, 30 on three, 40 on two. Here one core is shared.
  for (int i = 0; i < 8; ++i) choice.record({0.040, 0.080, 8});
  CHECK(choice.cores() == 3);
  // Four parts of 10 ms: three cores need two rounds, just as two cores do.
  CoreChoice even(4);
  for (int i = 0; i < 8; ++i) even.record({0.025, 0.040, 4});
  CHECK(even.cores() == 3);
}

TEST_CASE("A single core is what there is to choose", "[train][unit]") {
  CoreChoice choice(1);
  for (int i = 0; i < 100; ++i) choice.record({1.0, 0.02, 2});
  CHECK(choice.cores() == 1);
}

}  // namespace
}  // namespace fer::train
