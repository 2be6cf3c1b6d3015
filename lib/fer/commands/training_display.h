// Shows a training run while it goes: progress, a line an epoch, curves in the run folder.
#pragma once

#include <chrono>

#include "fer/commands/console.h"
#include "fer/report/event_file.h"
#include "fer/train/trainer.h"

namespace fer {

class TrainingDisplay final : public TrainingObserver {
 public:
  TrainingDisplay(Console& console, const RunFolder& folder, const TrainOptions& options);

  void on_step(const StepReport& report) override;
  void on_epoch(const TrainingState& state, bool improved) override;

 private:
  double seconds_left(const StepReport& report) const;
  void draw_curves(const TrainingState& state);
  void write_events(const EpochReport& report);

  Console& console_;
  RunFolder folder_;
  TrainOptions options_;
  EventFile events_;            // for TensorBoard
  double epoch_seconds_ = 0.0;  // of the last finished epoch; 0 before
};

}  // namespace fer
