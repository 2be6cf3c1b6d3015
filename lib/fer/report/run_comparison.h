// Compares training runs: reads their folders and makes a table and a figure.
#pragma once

#include <string>
#include <vector>

#include "fer/report/compare_figure.h"

namespace fer::report {

struct ComparedRun {
  // The name is the shortest unique tail of the folder's path. The best epoch is by the run's own
  // `monitor`, or by validation accuracy if its config.json is missing.
  NamedCurves curves;
  std::vector<double> balanced_accuracy = {};  // one value per epoch, as the curves
  std::vector<double> seconds = {};
  std::vector<double> images_per_second = {};
};

// @throws fer::Error for no folders, a repeated folder, and a results.csv that cannot be read.
std::vector<ComparedRun> read_runs(const std::vector<std::string>& folders);

// Whether config.json has the same values for these keys in all folders that have the file.
bool recipes_agree(const std::vector<std::string>& folders, const std::vector<std::string>& keys);

// A row for each run: the number of epochs, the best validation accuracy with its epoch and the
// other scores of that epoch, the total time and the median speed. The best run has a star.
std::string runs_table(const std::vector<ComparedRun>& runs);

// The curves of all runs. @throws fer::Error for more than kMostRunsCompared runs.
std::string runs_svg(const std::vector<ComparedRun>& runs);

}  // namespace fer::report
