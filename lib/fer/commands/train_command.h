// The program fer-train without its command line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"
#include "fer/train/train_options.h"

namespace fer::commands {

struct TrainCommandOptions {
  CommonOptions common;
  data::DataOptions data;
  train::TrainOptions train;
  std::string output = "runs";
  std::string name;    // empty: the architecture's
  std::string resume;  // an existing run folder
  bool resume_last = false;
  std::string contact_sheet;
  std::string lr_range_test;   // a figure
  std::int64_t processes = 1;  // on this machine, which train together
  bool list_archs = false;
  std::vector<std::string> compare;  // run folders
  std::string compare_figure;

  void visit(OptionVisitor& visitor);

  // Checks options against each other. @throws fer::Error naming the options.
  void validate() const;

  // The given options for other work than training.
  std::vector<std::string> asked_instead() const;

 private:
  void visit_instead_of_training(OptionVisitor& visitor);
};

// Trains, or resumes a run; the last line of results is "PATH val_accuracy SCORE epoch N" for the
// best model. Several processes that a launcher has started (ranks/launcher.h) train together; with
// --processes this process starts them. Returns the exit code: 0, or 130 if it was interrupted (and
// saved). @throws fer::Error for whatever a user can cause.
int run_train(const TrainCommandOptions& options, Console& console);

}  // namespace fer::commands
