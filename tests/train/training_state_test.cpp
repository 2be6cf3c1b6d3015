#include "fer/train/training_state.h"

#include <nlohmann/json.hpp>
#include <string>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::train {
namespace {

using nlohmann::json;

TrainingState some_state() {
  TrainingState state;
  for (std::int64_t epoch = 1; epoch <= 3; ++epoch) {
    EpochReport report;
    report.epoch = epoch;
    report.train_loss = 1.0 / static_cast<double>(3 * epoch);  // not exact in decimal
    report.train_accuracy = 0.1 * static_cast<double>(epoch);
    report.val_loss = 1.9459101490553132;
    report.val_accuracy = 0.571;
    report.val_balanced_accuracy = 0.52;
    report.lr = 1e-3;
    report.seconds = 12.5;
    report.images_per_second = 480.25;
    state.history.push_back(report);
  }
  state.best_epoch = 2;
  state.best_score = -1.0 / 7.0;
  state.progress = {20, 1280, 2345.6789012345678, 321, 0.75};
  return state;
}

TEST_CASE("a training state comes back from its text to the last digit", "[train][unit]") {
  const TrainingState state = some_state();
  const json text = json::parse(to_json(state).dump());
  const TrainingState back = training_state_from_json(text, "x");
  CHECK(to_json(back) == to_json(state));
  CHECK(back.history.at(2).train_loss == state.history.at(2).train_loss);
  CHECK(back.best_score == state.best_score);
  CHECK(back.progress.loss_sum == state.progress.loss_sum);
  CHECK(back.progress.step == 20);
  CHECK(back.progress.seen == 1280);
  CHECK(back.progress.correct == 321);
  CHECK(back.epochs_done() == 3);
  CHECK(back.epochs_since_best() == 1);
}

TEST_CASE("results.csv has a header and a row an epoch", "[train][unit]") {
  EpochReport report;
  report.epoch = 1;
  report.train_loss = 1.5;
  report.train_accuracy = 0.25;
  report.val_loss = 1.25;
  report.val_accuracy = 0.5;
  report.val_balanced_accuracy = 0.375;
  report.val_raw_accuracy = 0.25;
  report.lr = 0.001;
  report.seconds = 2.0;
  report.images_per_second = 480.5;
  CHECK(results_csv({report}) ==
        "epoch,train_loss,train_accuracy,val_loss,val_accuracy,val_balanced_accuracy,"
        "val_raw_accuracy,lr,seconds,images_per_second\n"
        "1,1.5,0.25,1.25,0.5,0.375,0.25,0.001,2,480.5\n");
  report.val_ferplus_accuracy = 0.75;
  report.val_ferplus_balanced_accuracy = 0.625;
  report.val_combined = 0.6;
  CHECK_THAT(results_csv({report}),
             Catch::Matchers::ContainsSubstring(
                 "images_per_second,val_ferplus_accuracy,val_ferplus_balanced_accuracy,"
                 "val_combined\n") &&
                 Catch::Matchers::EndsWith("480.5,0.75,0.625,0.6\n"));
  CHECK(results_csv({}).find('\n') == results_csv({}).size() - 1);
}

TEST_CASE("a damaged training state is an error that names where it came from", "[train][unit]") {
  const json good = to_json(some_state());
  const auto damaged = [&](const char* pointer, const json& value) {
    json bad = good;
    bad[json::json_pointer(pointer)] = value;
    return bad;
  };
  json without = good;
  without.erase("progress");
  const std::vector<json> bad = {
      json(),
      json(3),
      json::array(),
      json(json::value_t::discarded),
      without,
      damaged("/history", 3),
      damaged("/history/1", "x"),
      damaged("/history/1/val_loss", nullptr),
      damaged("/history/1/epoch", 7),  // the second row must be epoch 2
      damaged("/best_epoch", 4),
      damaged("/best_epoch", -1),
      damaged("/best_epoch", 0),
      damaged("/best_epoch", "2"),
      damaged("/best_epoch", 1e300),
      damaged("/progress/seen", 18446744073709551615U),
      damaged("/progress/step", -1),
      damaged("/progress/seen", -5),
      damaged("/progress/seen", 0),  // 20 steps have seen images
      damaged("/progress/loss_sum", nullptr),
  };
  for (const json& state : bad) {
    CAPTURE(state.dump());
    CHECK_THROWS_MATCHES(training_state_from_json(state, "some.ckpt"), Error,
                         Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring(
                             "some.ckpt: its training state is damaged")));
  }
}

}  // namespace
}  // namespace fer::train
