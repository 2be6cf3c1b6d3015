#include "fer/train/train_options.h"

#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::train {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

TEST_CASE("Sides share the epochs in equal parts, in their order", "[train][unit]") {
  TrainOptions options;
  options.epochs = 20;
  options.train_sizes = "32, 40,48";
  CHECK(options.train_size_list(48) == std::vector<std::int64_t>{32, 40, 48});
  // Of 20 epochs, numbers 0 to 6 train at 32, 7 to 13 at 40, the others at 48.
  CHECK(options.train_size_in(0, 48) == 32);
  CHECK(options.train_size_in(6, 48) == 32);
  CHECK(options.train_size_in(7, 48) == 40);
  CHECK(options.train_size_in(13, 48) == 40);
  CHECK(options.train_size_in(14, 48) == 48);
  CHECK(options.train_size_in(19, 48) == 48);
  options.train_sizes = "48";
  CHECK(options.train_size_in(7, 64) == 48);
  CHECK(TrainOptions().train_size_in(7, 64) == 64);
}

TEST_CASE("What is no side is an error that says what is one", "[train][unit]") {
  TrainOptions options;
  for (const char* sides : {"", "48,", "4x", "8", "225", "32;40"}) {
    CAPTURE(sides);
    options.train_sizes = sides;
    CHECK_THROWS_MATCHES(
        options.train_size_list(48), Error,
        MessageMatches(ContainsSubstring("\"sides\"") && ContainsSubstring("16 to 224")));
  }
}

TEST_CASE("In the last epochs nothing but the flip varies images", "[train][unit]") {
  TrainOptions options;
  options.epochs = 10;
  options.augment.mixup = 0.4;
  options.augment.augment_off_last = 0.2;
  CHECK(options.augment_in(7).mixup == 0.4);
  CHECK(options.augment_in(7).rotation == 10.0);
  CHECK(options.augment_in(8).mixup == 0.0);
  CHECK(options.augment_in(8).rotation == 0.0);
  CHECK(options.augment_in(8).flip);
  options.augment.flip = false;
  CHECK_FALSE(options.augment_in(9).flip);
}

TEST_CASE("Where nothing is said, patience is ten epochs, or none with schedules that end low",
          "[train][unit]") {
  TrainOptions options;
  const auto patience_with = [&](ScheduleKind schedule) {
    options.schedule.schedule = schedule;
    return options.patience_in_epochs();
  };
  REQUIRE(options.patience == -1);
  for (const ScheduleKind schedule :
       {ScheduleKind::constant, ScheduleKind::step, ScheduleKind::plateau})
    CHECK(patience_with(schedule) == 10);
  for (const ScheduleKind schedule : {ScheduleKind::cosine, ScheduleKind::onecycle})
    CHECK(patience_with(schedule) == 0);
  // An explicit patience holds with every schedule.
  options.patience = 3;
  CHECK(patience_with(ScheduleKind::constant) == 3);
  CHECK(patience_with(ScheduleKind::cosine) == 3);
  options.patience = 0;
  CHECK(patience_with(ScheduleKind::constant) == 0);
}

TEST_CASE("Options that do not go together are an error that names both", "[train][unit]") {
  const auto fails = [](auto change, const char* message) {
    TrainOptions options;
    change(options);
    CHECK_THROWS_MATCHES(options.validate(), Error, MessageMatches(ContainsSubstring(message)));
  };
  fails([](auto& o) { o.augment.repeats = 3; }, "\"batch_size\" 64");
  fails([](auto& o) { o.schedule.warmup_epochs = 60; }, "\"epochs\" 50");
  fails([](auto& o) { o.amp = MixedPrecision::fp16, o.optimizer.sam = SamKind::sam; }, "\"sam\"");
  CHECK_NOTHROW(TrainOptions().validate());
}

}  // namespace
}  // namespace fer::train
