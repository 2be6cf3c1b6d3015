#include "fer/serve/metrics.h"

#include <string>

#include "support/catch.h"

namespace fer::serve {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("A histogram counts what is at most each bound", "[serve][unit]") {
  Histogram histogram({1, 2.5});
  for (const double value : {0.5, 1.0, 2.0, 7.0}) histogram.add(value);
  CHECK(histogram.text("h", "") ==
        "h_bucket{le=\"1\"} 2\nh_bucket{le=\"2.5\"} 3\nh_bucket{le=\"+Inf\"} 4\nh_sum 10.5\n"
        "h_count 4\n");
  CHECK_THAT(histogram.text("h", "a=\"b\""), ContainsSubstring("h_bucket{a=\"b\",le=\"1\"} 2\n"));
  CHECK_THAT(histogram.text("h", "a=\"b\""), ContainsSubstring("h_sum{a=\"b\"} 10.5\n"));
}

TEST_CASE("Metrics tell requests by route and code, and labels are escaped", "[serve][unit]") {
  Metrics metrics;
  metrics.request("/a", 200, 0.01);
  metrics.request("/a", 200, 0.03);
  metrics.request("/a", 503, 0.0);
  metrics.face("a\"b\\c\nd");
  metrics.stage(Stage::detect, 0.2);
  const std::string text = metrics.text({.queue = 3});
  for (const char* line :
       {"fer_requests_total{route=\"/a\",code=\"200\"} 2\n",
        "fer_requests_total{route=\"/a\",code=\"503\"} 1\n",
        "fer_faces_total{label=\"a\\\"b\\\\c\\nd\"} 1\n", "fer_queue_length 3\n",
        "fer_stage_seconds_count{stage=\"detect\"} 1\n", "fer_request_seconds_count 3\n",
        "# TYPE fer_request_seconds histogram\n"}) {
    CHECK_THAT(text, ContainsSubstring(line));
  }
  CHECK(metrics.usual_seconds() > 0.0);
}

}  // namespace
}  // namespace fer::serve
