#include "fer/train/schedule.h"

#include <ATen/ATen.h>

#include <vector>

#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::train {
namespace {

using Catch::Approx;

constexpr std::int64_t kEpochs = 10, kStepsPerEpoch = 5;
const std::vector<double> kScores = {0.3, 0.4, 0.4, 0.35, 0.39, 0.38, 0.41, 0.40, 0.40, 0.40};

double factor_at(const ScheduleOptions& options, std::int64_t step) {
  SchedulePosition position{step, kStepsPerEpoch, kEpochs, {}};
  position.scores.assign(kScores.begin(), kScores.begin() + step / kStepsPerEpoch);
  return learning_rate_factor(options, position);
}

at::Tensor factors(const ScheduleOptions& options) {
  std::vector<double> values;
  for (std::int64_t step = 0; step < kEpochs * kStepsPerEpoch; ++step) {
    values.push_back(factor_at(options, step));
  }
  return at::tensor(values, at::kDouble);
}

ScheduleOptions schedule(ScheduleKind kind) {
  ScheduleOptions options;
  options.schedule = kind;
  return options;
}

TEST_CASE("50 steps of each schedule equal PyTorch's", "[train][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  const test::TemporaryFolder folder;
  test::run_python("schedule_reference.py", {folder / "out.safetensors"});
  const tensors::Safetensors reference = tensors::read_safetensors(folder / "out.safetensors");
  const auto check = [&](const char* name, const ScheduleOptions& options) {
    CAPTURE(name);
    CHECK(test::largest_difference(factors(options), reference.tensors.at(name)) < 1e-9);
  };
  ScheduleOptions one_cycle = schedule(ScheduleKind::onecycle);
  one_cycle.final_lr = 1e-4;
  check("onecycle", one_cycle);
  one_cycle.warmup_epochs = 2;
  check("onecycle_short", one_cycle);
  ScheduleOptions cosine = schedule(ScheduleKind::cosine);
  cosine.final_lr = 0.1;
  check("cosine", cosine);
  ScheduleOptions step = schedule(ScheduleKind::step);
  step.step_epochs = 3;
  step.step_factor = 0.2;
  check("step", step);
  ScheduleOptions plateau = schedule(ScheduleKind::plateau);
  plateau.step_factor = 0.5;
  plateau.plateau_patience = 1;
  check("plateau", plateau);
}

TEST_CASE("A constant rate is constant, and a warm-up rises to it in equal steps",
          "[train][unit]") {
  ScheduleOptions options = schedule(ScheduleKind::constant);
  CHECK(factor_at(options, 0) == 1.0);
  CHECK(factor_at(options, 49) == 1.0);
  options.warmup_epochs = 2;  // ten steps
  CHECK(factor_at(options, 0) == Approx(0.1));
  CHECK(factor_at(options, 4) == Approx(0.5));
  CHECK(factor_at(options, 9) == Approx(1.0));
  CHECK(factor_at(options, 30) == 1.0);
}

TEST_CASE("A cosine behind a warm-up starts where the warm-up ends and reaches its end",
          "[train][unit]") {
  ScheduleOptions options = schedule(ScheduleKind::cosine);
  options.warmup_epochs = 2;
  CHECK(factor_at(options, 10) == Approx(1.0));
  CHECK(factor_at(options, 30) == Approx(0.5));  // half-way through the remaining forty steps
  CHECK(factor_at(options, 49) < 0.01);
  for (std::int64_t step = 10; step < 49; ++step) {
    CHECK(factor_at(options, step + 1) < factor_at(options, step));
  }
}

TEST_CASE("A plateau falls when patience runs out, and not before", "[train][unit]") {
  ScheduleOptions options = schedule(ScheduleKind::plateau);
  options.plateau_patience = 1;
  options.step_factor = 0.1;
  // Scores 0.3, 0.4 (better), 0.4 and 0.35 (two epochs without progress, one too many).
  CHECK(factor_at(options, 3 * kStepsPerEpoch) == 1.0);
  CHECK(factor_at(options, 4 * kStepsPerEpoch) == Approx(0.1));
}

TEST_CASE("A one-step run and a warm-up as long as the run are no trouble", "[train][unit]") {
  ScheduleOptions options = schedule(ScheduleKind::onecycle);
  CHECK(learning_rate_factor(options, {0, 1, 1, {}}) <= 1.0);
  options.warmup_epochs = 10;
  CHECK(factor_at(options, 49) == Approx(1.0));
  options.schedule = ScheduleKind::cosine;
  CHECK(factor_at(options, 48) == Approx(0.98));
}

}  // namespace
}  // namespace fer::train
