// Training runs side by side: their folders are read, and become a table and a figure.
#pragma once

#include <string>
#include <vector>

#include "fer/report/compare_figure.h"

namespace fer::report {

struct ComparedRun {
  // The name is the last parts of the folder's path that tell the runs apart. The best epoch is
  // that of the run's own `monitor`; of the validation accuracy where its config.json is gone.
  NamedCurves curves;
  std::vector<double> balanced_accuracy = {};  // an epoch each, as the curves
  std::vector<double> seconds = {};
  std::vector<double> images_per_second = {};
};

// @throws fer::Error for no folders, the same one twice, and results.csv that cannot be read.
std::vector<ComparedRun> read_runs(const std::vector<std::string>& folders);

// Whether config.json has the same values for these keys in all folders that have the file.
bool recipes_agree(const std::vector<std::string>& folders, const std::vector<std::string>& keys);

// A row a run: its number of epochs, its best validation accuracy with its epoch and the other
// scores of that epoch, the time of all epochs and the median speed. The best run has a star.
std::string runs_table(const std::vector<ComparedRun>& runs);

// The curves of all runs. @throws fer::Error for more than kMostRunsCompared runs.
std::string runs_svg(const std::vector<ComparedRun>& runs);

}  // namespace fer::report
