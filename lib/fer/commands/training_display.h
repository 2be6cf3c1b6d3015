// Shows a training run: progress, a line for each epoch, curves in the run folder.
#pragma once

#include <chrono>

#include "fer/commands/console.h"
#include "fer/report/event_file.h"
#include "fer/train/trainer.h"

namespace fer::commands {

class TrainingDisplay final : public train::TrainingObserver {
 public:
  TrainingDisplay(Console& console, const train::RunFolder& folder,
                  const train::TrainOptions& options);

  void on_resume(const train::TrainingState& state) override;
  void on_step(const train::StepReport& report) override;
  void on_epoch(const train::TrainingState& state, bool improved) override;

 private:
  double seconds_left(const train::StepReport& report) const;
  void draw_curves(const train::TrainingState& state);
  void write_events(const train::EpochReport& report);

  Console& console_;
  train::RunFolder folder_;
  train::TrainOptions options_;
  report::EventFile events_;    // for TensorBoard
  double epoch_seconds_ = 0.0;  // of the last finished epoch; 0: none yet
};

}  // namespace fer::commands
