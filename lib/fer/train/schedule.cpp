#include "fer/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fer/core/option_error.h"

namespace fer::train {

namespace {

constexpr double kOneCycleDivisor = 25.0;
constexpr double kOneCycleRise = 0.3;

// Half a cosine from `from` at 0 to `to` at 1.
double half_cosine(double from, double to, double share) {
  return to + (from - to) * 0.5 * (1.0 + std::cos(std::numbers::pi * share));
}

double share_of(double done, double all) {
  if (all <= 0.0) return done > 0.0 ? 1.0 : 0.0;
  return std::clamp(done / all, 0.0, 1.0);
}

double one_cycle(const ScheduleOptions& options, const SchedulePosition& position) {
  const auto total = static_cast<double>(position.epochs * position.steps_per_epoch);
  const double wanted = options.warmup_epochs * static_cast<double>(position.steps_per_epoch);
  const double rise = (wanted > 0.0 ? std::min(wanted, total) : kOneCycleRise * total) - 1.0;
  const auto step = static_cast<double>(position.step);
  if (step <= rise) return half_cosine(1.0 / kOneCycleDivisor, 1.0, share_of(step, rise));
  return half_cosine(1.0, options.final_lr / kOneCycleDivisor,
                     share_of(step - rise, total - 1.0 - rise));
}

double plateau(const ScheduleOptions& options, const std::vector<double>& scores) {
  double factor = 1.0;
  std::int64_t waited = 0;
  for (std::size_t epoch = 1, best = 0; epoch < scores.size(); ++epoch) {
    if (scores[epoch] > scores[best]) {
      best = epoch;
      waited = 0;
    } else if (++waited > options.plateau_patience) {
      factor *= options.step_factor;
      waited = 0;
    }
  }
  return factor;
}

// The factor after the warm-up.
double main_factor(const ScheduleOptions& options, const SchedulePosition& position,
                   double warmup_steps) {
  if (options.schedule == ScheduleKind::plateau) return plateau(options, position.scores);
  if (options.schedule == ScheduleKind::step) {
    const std::int64_t epoch = position.step / position.steps_per_epoch;
    return std::pow(options.step_factor, static_cast<double>(epoch / options.step_epochs));
  }
  if (options.schedule == ScheduleKind::cosine) {
    const auto total = static_cast<double>(position.epochs * position.steps_per_epoch);
    return half_cosine(
        1.0, options.final_lr,
        share_of(static_cast<double>(position.step) - warmup_steps, total - warmup_steps));
  }
  return 1.0;
}

}  // namespace

std::span<const std::string_view> choice_names(ScheduleKind) {
  static constexpr std::string_view kNames[] = {"constant", "step", "plateau", "cosine",
                                                "onecycle"};
  return kNames;
}

void ScheduleOptions::visit(OptionVisitor& visitor) {
  visitor.group("Schedule");
  visitor.field(Field("schedule",
                      "How the learning rate changes during the run; updated at every optimizer "
                      "step"),
                schedule);
  visitor.field(Field("warmup_epochs",
                      "Epochs of linear warm-up from 0 to " + option("lr") +
                          "; with onecycle, epochs of its rising part, 0 meaning 30 % of the run")
                    .in("epochs")
                    .range(0, 100'000),
                warmup_epochs);
  visitor.field(Field("final_lr", "Learning rate at the end of the run, as a fraction of " +
                                      option("lr") + "; onecycle ends at 1/25 of this value")
                    .only_with("schedule", {"cosine", "onecycle"})
                    .range(0, 1),
                final_lr);
  visitor.field(Field("step_epochs", "Epochs between two reductions of the learning rate")
                    .only_with("schedule", {"step"})
                    .range(1, 100'000),
                step_epochs);
  visitor.field(Field("step_factor", "Factor of each reduction of the learning rate")
                    .only_with("schedule", {"step", "plateau"})
                    .range(1e-6, 1),
                step_factor);
  visitor.field(
      Field("plateau_patience",
            "Epochs without a better score that are tolerated; one more reduces the learning rate")
          .only_with("schedule", {"plateau"})
          .range(0, 100'000),
      plateau_patience);
}

double learning_rate_factor(const ScheduleOptions& options, const SchedulePosition& position) {
  if (options.schedule == ScheduleKind::onecycle) return one_cycle(options, position);
  const double warmup_steps = options.warmup_epochs * static_cast<double>(position.steps_per_epoch);
  const double factor = main_factor(options, position, warmup_steps);
  // (step + 1) / warm-up, so that the first step's rate is not 0.
  const double rise = warmup_steps > 0.0
                          ? std::min((static_cast<double>(position.step) + 1.0) / warmup_steps, 1.0)
                          : 1.0;
  return factor * rise;
}

}  // namespace fer::train
