#include "fer/train/unused_options.h"

#include "support/catch.h"

namespace fer::train {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("Usual options, and those whose switch is on, are not idle", "[train][unit]") {
  CHECK(unused_options({}).empty());
  TrainOptions options;
  options.optimizer.optimizer = OptimizerKind::sgd;
  options.optimizer.momentum = 0.8;
  options.schedule.schedule = ScheduleKind::plateau;
  options.schedule.step_factor = 0.3;
  options.loss.distill = {"teacher"};
  options.loss.distill_weight = 0.9;
  CHECK(unused_options(options).empty());
}

TEST_CASE("An option whose switch is off is named with the switch", "[train][unit]") {
  TrainOptions options;
  options.optimizer.sam_rho = 1.0;
  options.schedule.step_epochs = 3;
  options.loss.focal_gamma = 4.0;
  options.loss.ferplus_weight = 0.5;
  const auto unused = unused_options(options);
  REQUIRE(unused.size() == 4);
  CHECK_THAT(unused[3], ContainsSubstring("\"ferplus_weight\": has no effect without") &&
                            ContainsSubstring("\"ferplus_targets\""));
  CHECK_THAT(unused[0], ContainsSubstring("\"sam_rho\"") && ContainsSubstring("\"sam\" sam"));
  CHECK_THAT(unused[1],
             ContainsSubstring("\"step_epochs\"") && ContainsSubstring("\"schedule\" step"));
  CHECK_THAT(unused[2],
             ContainsSubstring("\"focal_gamma\"") && ContainsSubstring("\"loss\" focal"));
}

}  // namespace
}  // namespace fer::train
