#include "fer/commands/training_display.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fer/core/text.h"
#include "fer/report/curves_figure.h"
#include "fer/report/figure_file.h"

namespace fer::commands {

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

TrainingDisplay::TrainingDisplay(Console& console, const train::RunFolder& folder,
                                 const train::TrainOptions& options)
    : console_(console), folder_(folder), options_(options), events_(folder.path(), now()) {}

// An upper bound, because early stopping may end the run sooner.
double TrainingDisplay::seconds_left(const train::StepReport& report) const {
  const double done = static_cast<double>(report.step) / static_cast<double>(report.steps);
  const double images =
      static_cast<double>(report.steps * options_.batch_size * options_.optimizer.accumulate);
  const double epoch_seconds =
      epoch_seconds_ > 0.0 ? epoch_seconds_ : images / std::max(report.images_per_second, 1e-9);
  const auto whole_epochs = static_cast<double>(options_.epochs - report.epoch);
  return epoch_seconds * (whole_epochs + 1.0 - done);
}

// Writes all values again, because a killed run may not have written them; TensorBoard takes the
// last of two values of a step.
void TrainingDisplay::on_resume(const train::TrainingState& state) {
  if (state.history.empty()) return;
  draw_curves(state);
  for (const train::EpochReport& report : state.history) write_events(report);
}

void TrainingDisplay::on_step(const train::StepReport& report) {
  Progress progress;
  progress.title = "epoch " + std::to_string(report.epoch) + "/" + std::to_string(options_.epochs);
  progress.done = report.step;
  progress.total = report.steps;
  progress.units_per_second = report.images_per_second;
  progress.unit = "images";
  progress.seconds_left = seconds_left(report);
  progress.detail = "loss " + fixed(report.loss, 4) + "  acc " + percent(report.accuracy);
  console_.progress(progress);
}

void TrainingDisplay::on_epoch(const train::TrainingState& state, bool improved) {
  const train::EpochReport& last = state.history.back();
  epoch_seconds_ = last.seconds;
  console_.progress_done();
  console_.info("epoch " + std::to_string(last.epoch) + "/" + std::to_string(options_.epochs) +
                ": loss " + fixed(last.train_loss, 4) + ", acc " + percent(last.train_accuracy) +
                "; val loss " + fixed(last.val_loss, 4) + ", val acc " +
                percent(last.val_accuracy) + "; " + grouped(std::llround(last.images_per_second)) +
                " images/s, " + duration(last.seconds) + (improved ? "; best so far, kept" : ""));
  draw_curves(state);
  write_events(last);
}

void TrainingDisplay::write_events(const train::EpochReport& report) {
  const std::pair<const char*, double> scalars[] = {
      {"loss/train", report.train_loss},
      {"loss/val", report.val_loss},
      {"accuracy/train", report.train_accuracy},
      {"accuracy/val", report.val_accuracy},
      {"accuracy/val balanced", report.val_balanced_accuracy},
      {"accuracy/val raw", report.val_raw_accuracy},
      {"training/learning rate", report.lr},
      {"training/images per second", report.images_per_second},
      {"training/seconds", report.seconds}};
  for (const auto& [tag, value] : scalars) {
    events_.scalar(tag, report.epoch, now(), static_cast<float>(value));
  }
}

void TrainingDisplay::draw_curves(const train::TrainingState& state) {
  report::TrainingCurves curves;
  for (const train::EpochReport& epoch : state.history) {
    curves.train_loss.push_back(epoch.train_loss);
    curves.val_loss.push_back(epoch.val_loss);
    curves.train_accuracy.push_back(epoch.train_accuracy);
    curves.val_accuracy.push_back(epoch.val_accuracy);
  }
  curves.best_epoch = state.best_epoch;
  report::write_figure_files(
      folder_.curves(),
      report::training_curves_svg(curves, {folder_.path().filename().string(), options_.arch}));
}

}  // namespace fer::commands
