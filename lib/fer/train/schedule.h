// The learning rate over a run: a pure function of the run's progress. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fer/core/options.h"

namespace fer::train {

enum class ScheduleKind { constant, step, plateau, cosine, onecycle };
std::span<const std::string_view> choice_names(ScheduleKind);

struct ScheduleOptions {
  ScheduleKind schedule = ScheduleKind::constant;
  double warmup_epochs = 0.0;         // linear rise; for onecycle its rising part
  double final_lr = 0.0;              // fraction of the rate at the end of cosine and onecycle
  std::int64_t step_epochs = 10;      // for step: epochs between two falls
  double step_factor = 0.1;           // for step and plateau: factor of a fall
  std::int64_t plateau_patience = 3;  // for plateau: epochs without a better score before a fall

  void visit(OptionVisitor& visitor);
};

// The progress of a run before a step.
struct SchedulePosition {
  std::int64_t step = 0;  // optimizer steps done, over all epochs
  std::int64_t steps_per_epoch = 1;
  std::int64_t epochs = 1;  // of the whole run
  // Monitored score of each finished epoch, larger is better.
  std::vector<double> scores;
};

// The factor on the highest rate for the next step, in [0, 1].
//   constant, and after a linear warm-up from 0 (Goyal et al. 2017):
//   step      step_factor ^ floor(epoch / step_epochs)
//   plateau   step_factor ^ (times that plateau_patience + 1 epochs in a row brought no better
//             score)
//   cosine    from 1 to final_lr along half a cosine (Loshchilov and Hutter 2017, equation 5)
//   onecycle  from 1/25 to 1 over the warm-up (30 % of the run if there is none given), then to
//             final_lr / 25, both along half a cosine (Smith and Topin 2019, as in PyTorch)
double learning_rate_factor(const ScheduleOptions& options, const SchedulePosition& position);

}  // namespace fer::train
