#include "fer/train/training_state.h"

#include <array>
#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"

namespace fer::train {

namespace {

using nlohmann::json;

// One table of the columns of results.csv and the keys of a checkpoint's history.
struct Column {
  const char* name;
  double EpochReport::*value;
  bool by_votes = false;  // absent without votes
};

constexpr std::array<Column, 12> kColumns = {{
    {"train_loss", &EpochReport::train_loss},
    {"train_accuracy", &EpochReport::train_accuracy},
    {"val_loss", &EpochReport::val_loss},
    {"val_accuracy", &EpochReport::val_accuracy},
    {"val_balanced_accuracy", &EpochReport::val_balanced_accuracy},
    {"val_raw_accuracy", &EpochReport::val_raw_accuracy},
    {"lr", &EpochReport::lr},
    {"seconds", &EpochReport::seconds},
    {"images_per_second", &EpochReport::images_per_second},
    {"val_ferplus_accuracy", &EpochReport::val_ferplus_accuracy, true},
    {"val_ferplus_balanced_accuracy", &EpochReport::val_ferplus_balanced_accuracy, true},
    {"val_combined", &EpochReport::val_combined, true},
}};

bool by_votes(const EpochReport& report) { return report.val_combined > 0.0; }

json to_json(const EpochReport& report) {
  json row = {{"epoch", report.epoch}};
  for (const Column& column : kColumns) {
    if (!column.by_votes || by_votes(report)) row[column.name] = report.*column.value;
  }
  return row;
}

EpochReport report_from_json(const json& row) {
  EpochReport report;
  report.epoch = whole_number(row.at("epoch"));
  for (const Column& column : kColumns) {
    if (column.by_votes && !row.contains(column.name)) continue;
    report.*column.value = row.at(column.name).get<double>();
  }
  return report;
}

bool is_consistent(const TrainingState& state) {
  for (std::int64_t i = 0; i < state.epochs_done(); ++i) {
    if (state.history[static_cast<std::size_t>(i)].epoch != i + 1) return false;
  }
  const EpochProgress& progress = state.progress;
  const std::int64_t least_best = state.history.empty() ? 0 : 1;  // the first epoch is a best one
  return state.best_epoch >= least_best && state.best_epoch <= state.epochs_done() &&
         progress.step >= 0 && progress.seen >= progress.step;
}

}  // namespace

json to_json(const TrainingState& state) {
  json history = json::array();
  for (const EpochReport& report : state.history) history.push_back(to_json(report));
  const EpochProgress& progress = state.progress;
  return {{"history", history},
          {"best_epoch", state.best_epoch},
          {"best_score", state.best_score},
          {"progress",
           {{"step", progress.step},
            {"seen", progress.seen},
            {"loss_sum", progress.loss_sum},
            {"correct", progress.correct},
            {"train_seconds", progress.train_seconds}}}};
}

TrainingState training_state_from_json(const json& source, const std::string& origin) {
  TrainingState state;
  try {
    for (const json& row : source.at("history")) state.history.push_back(report_from_json(row));
    state.best_epoch = whole_number(source.at("best_epoch"));
    state.best_score = source.at("best_score").get<double>();
    const json& progress = source.at("progress");
    state.progress.step = whole_number(progress.at("step"));
    state.progress.seen = whole_number(progress.at("seen"));
    state.progress.loss_sum = progress.at("loss_sum").get<double>();
    state.progress.correct = whole_number(progress.at("correct"));
    state.progress.train_seconds = progress.at("train_seconds").get<double>();
  } catch (const std::exception& error) {
    throw Error(origin + ": its training state is damaged: " + error.what());
  }
  if (!is_consistent(state)) {
    throw Error(origin + ": its training state is damaged: epoch or step out of range");
  }
  return state;
}

std::string to_text(const EpochReport& report) { return to_json(report).dump(); }

EpochReport epoch_report_from_text(const std::string& text) {
  try {
    return report_from_json(json::parse(text));
  } catch (const json::exception& error) {
    throw Error(std::string("rank 0 sends a damaged report of an epoch: ") + error.what());
  }
}

std::string results_csv(const std::vector<EpochReport>& history) {
  std::string text = "epoch";
  std::vector<Column> columns;
  const bool votes = !history.empty() && by_votes(history.front());
  for (const Column& column : kColumns) {
    if (!column.by_votes || votes) columns.push_back(column);
  }
  for (const Column& column : columns) text += std::string(",") + column.name;
  text += '\n';
  for (const EpochReport& report : history) {
    text += std::to_string(report.epoch);
    for (const Column& column : columns) text += "," + shortest(report.*column.value);
    text += '\n';
  }
  return text;
}

}  // namespace fer::train
