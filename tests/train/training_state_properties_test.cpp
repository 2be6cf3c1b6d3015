#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/core/files.h"
#include "fer/report/results_file.h"
#include "fer/train/training_state.h"
#include "support/properties.h"
#include "support/temporary_folder.h"

namespace fer::train {
namespace {

using test::any_number;
using test::for_all;

std::vector<EpochReport> any_history() {
  std::vector<EpochReport> history(*rc::gen::inRange<std::size_t>(1, 8));
  for (EpochReport& report : history) {
    report.epoch = &report - history.data() + 1;
    for (double* score : {&report.train_loss, &report.train_accuracy, &report.val_loss,
                          &report.val_accuracy, &report.lr, &report.seconds}) {
      *score = *any_number();
    }
  }
  return history;
}

TEST_CASE("The state of a run comes back from a checkpoint's text", "[train][unit]") {
  for_all([] {
    TrainingState state;
    state.history = any_history();
    state.best_epoch = *rc::gen::inRange<std::int64_t>(1, std::ssize(state.history) + 1);
    state.best_score = *any_number();
    state.progress.step = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    state.progress.seen = state.progress.step + *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    state.progress.loss_sum = *any_number();
    const nlohmann::json written = to_json(state);
    const auto read = training_state_from_json(nlohmann::json::parse(written.dump()), "text");
    RC_ASSERT(to_json(read) == written);
  });
}

TEST_CASE("results.csv gives the numbers that were written, to the last digit", "[train][unit]") {
  const test::TemporaryFolder folder;
  for_all([&] {
    const std::vector<EpochReport> history = any_history();
    write_file(folder / "results.csv", results_csv(history));
    const report::ResultsFile file(folder / "results.csv");
    const auto losses = file.column("val_loss"), rates = file.column("lr");
    RC_ASSERT(losses.size() == history.size());
    for (std::size_t i = 0; i < history.size(); ++i) {
      RC_ASSERT((losses[i] == history[i].val_loss && rates[i] == history[i].lr));
    }
  });
}

}  // namespace
}  // namespace fer::train
