#include "fer/predict/pipeline_stats.h"

#include "support/catch.h"

namespace fer::predict {
namespace {

using std::chrono::milliseconds;

TEST_CASE("Latencies are known to within ten percent, the worst exactly", "[predict][unit]") {
  LatencyCounter counter;
  for (int i = 1; i <= 100; ++i) counter.add(milliseconds(i));
  const LatencyStats stats = counter.read();
  CHECK(stats.items == 100);
  CHECK(stats.median_s == Catch::Approx(0.050).epsilon(0.1));
  CHECK(stats.p95_s == Catch::Approx(0.095).epsilon(0.1));
  CHECK(stats.worst_s == 0.1);
}

TEST_CASE("No latency is above the worst one", "[predict][unit]") {
  LatencyCounter counter;
  counter.add(milliseconds(7));
  CHECK(counter.read().median_s <= 0.007);
  CHECK(counter.read().p95_s <= 0.007);
}

TEST_CASE("Without items all times are zero", "[predict][unit]") {
  const LatencyStats stats = LatencyCounter().read();
  CHECK(stats.items == 0);
  CHECK(stats.median_s == 0.0);
}

TEST_CASE("The account names each stage's time for an item, the latency and what was dropped",
          "[predict][unit]") {
  PipelineStats stats;
  stats.stages = {{"read", 10, 0.02}, {"detect", 10, 0.25}, {"idle", 0, 0.0}};
  stats.latency = {10, 0.031, 0.04, 0.05};
  stats.dropped = 3;
  CHECK(describe(stats) ==
        "read 2.0 ms, detect 25 ms; 31 ms from frame to result (95 %: 40 ms); 3 frames dropped");
}

}  // namespace
}  // namespace fer::predict
