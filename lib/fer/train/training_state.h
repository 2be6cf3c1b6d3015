// The progress of a training run, which a checkpoint stores besides weights and moments.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace fer::train {

// One finished epoch; a row of results.csv.
struct EpochReport {
  std::int64_t epoch = 0;  // counted from 1
  // Over the augmented images, with the network in training mode: the mean loss (smoothed, focal,
  // distilled), and the accuracy (for mixtures, by the first image's label).
  double train_loss = 0.0;
  double train_accuracy = 0.0;
  double val_loss = 0.0;
  double val_accuracy = 0.0;
  double val_balanced_accuracy = 0.0;
  double val_raw_accuracy = 0.0;  // of the weights without averaging (`ema`)
  // By FER+'s majority (eval/majority_score.h), if the validation images have votes.
  double val_ferplus_accuracy = 0.0;
  double val_ferplus_balanced_accuracy = 0.0;
  // The mean of val_accuracy and these two, a score for both truths that includes rare classes.
  double val_combined = 0.0;
  double lr = 0.0;                 // of the last step
  double seconds = 0.0;            // training and validation
  double images_per_second = 0.0;  // of the training part
};

// The epoch in progress.
struct EpochProgress {
  std::int64_t step = 0;  // steps done
  std::int64_t seen = 0;  // images in them
  double loss_sum = 0.0;
  std::int64_t correct = 0;
  double train_seconds = 0.0;
};

struct TrainingState {
  EpochProgress progress;
  std::vector<EpochReport> history;
  std::int64_t best_epoch = 0;  // 0: none yet
  double best_score = 0.0;      // of the monitored value

  std::int64_t epochs_done() const { return static_cast<std::int64_t>(history.size()); }
  std::int64_t epochs_since_best() const { return epochs_done() - best_epoch; }
};

nlohmann::json to_json(const TrainingState& state);
// @throws fer::Error that starts with `origin` for anything malformed.
TrainingState training_state_from_json(const nlohmann::json& json, const std::string& origin);

// A report as text for another rank. epoch_report_from_text() @throws fer::Error for a text that is
// not from to_text().
std::string to_text(const EpochReport& report);
EpochReport epoch_report_from_text(const std::string& text);

// The table as text: a header and a row for each epoch.
std::string results_csv(const std::vector<EpochReport>& history);

}  // namespace fer::train
