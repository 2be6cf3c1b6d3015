#include "fer/core/work_progress.h"

#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("Rate and time left are of the units that are done", "[core][unit]") {
  const WorkProgress work("packing", "images", 100);
  const Progress progress = work.at(400, 1000);
  CHECK(progress.title == "packing");
  CHECK(progress.unit == "images");
  CHECK(progress.done == 400);
  CHECK(progress.total == 1000);
  CHECK(progress.units_per_second > 0.0);
  CHECK(progress.units_per_second * progress.seconds_left == Approx(600.0));
}

TEST_CASE("Work of which nothing is done yet has no rate and no time left", "[core][unit]") {
  const Progress progress = WorkProgress("packing", "images", 100).at(100, 1000);
  CHECK(progress.units_per_second == 0.0);
  CHECK(progress.seconds_left == 0.0);
}

}  // namespace
}  // namespace fer
