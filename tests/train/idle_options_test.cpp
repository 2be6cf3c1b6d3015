#include "fer/train/idle_options.h"

#include "support/catch.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("Usual options, and those whose switch is on, are not idle", "[train][unit]") {
  CHECK(idle_options({}).empty());
  TrainOptions options;
  options.optimizer.optimizer = OptimizerKind::sgd;
  options.optimizer.momentum = 0.8;
  options.schedule.schedule = ScheduleKind::plateau;
  options.schedule.step_factor = 0.3;
  options.loss.distill = {"teacher"};
  options.loss.distill_weight = 0.9;
  CHECK(idle_options(options).empty());
}

TEST_CASE("An option whose switch is off is named with the switch", "[train][unit]") {
  TrainOptions options;
  options.optimizer.sam_rho = 1.0;
  options.schedule.step_epochs = 3;
  options.loss.focal_gamma = 4.0;
  options.loss.ferplus_weight = 0.5;
  const auto idle = idle_options(options);
  REQUIRE(idle.size() == 4);
  CHECK_THAT(idle[3], ContainsSubstring("--ferplus-weight: has no effect without") &&
                          ContainsSubstring("--ferplus-targets"));
  CHECK_THAT(idle[0], ContainsSubstring("--sam-rho") && ContainsSubstring("--sam sam"));
  CHECK_THAT(idle[1], ContainsSubstring("--step-epochs") && ContainsSubstring("--schedule step"));
  CHECK_THAT(idle[2], ContainsSubstring("--focal-gamma") && ContainsSubstring("--loss focal"));
}

}  // namespace
}  // namespace fer
