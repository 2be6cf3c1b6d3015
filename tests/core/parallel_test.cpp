#include "fer/core/parallel.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("Every index is worked on once, for any number of threads", "[core][unit]") {
  for (const int threads : {-1, 0, 1, 2, 3, 7, 100}) {
    for (const std::int64_t count : {0, 1, 2, 3, 10, 101}) {
      CAPTURE(threads, count);
      std::vector<std::atomic<int>> calls(static_cast<std::size_t>(count));
      parallel_for(count, threads,
                   [&](std::int64_t i) { ++calls.at(static_cast<std::size_t>(i)); });
      for (const auto& times : calls) CHECK(times == 1);
    }
  }
}

TEST_CASE("The failure of the lowest range is the one that is thrown", "[core][unit]") {
  const auto fail_from_20 = [](std::int64_t i) {
    if (i >= 20) throw Error(std::to_string(i));
  };
  for (const int threads : {1, 2, 3, 10}) {
    CAPTURE(threads);
    CHECK_THROWS_MATCHES(parallel_for(100, threads, fail_from_20), Error,
                         Catch::Matchers::MessageMatches(Catch::Matchers::Equals("20")));
  }
}

TEST_CASE("The other ranges are finished before a failure is thrown", "[core][unit]") {
  std::atomic<int> done = 0;
  CHECK_THROWS_AS(parallel_for(40, 4,
                               [&](std::int64_t i) {
                                 if (i < 10) throw std::logic_error("first range");
                                 ++done;
                               }),
                  std::logic_error);
  CHECK(done == 30);
}

}  // namespace
}  // namespace fer
