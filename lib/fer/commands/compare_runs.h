// Training runs side by side.
#pragma once

#include <string>
#include <vector>

#include "fer/commands/console.h"

namespace fer {

// Reads results.csv of each run folder and prints a row a run: its number of epochs, the best
// validation accuracy with its epoch and the other scores of that epoch, the time of all epochs and
// the median speed. The best run has a star. With `figure`, a path ending in .svg or .png, the
// curves are drawn there, too. Returns the exit code, 0.
//
// The best epoch is that of the highest validation accuracy, whatever a run's --monitor was.
// Runs are named by the last parts of their paths that tell them apart.
// @throws fer::Error for no folders, the same one twice, results that cannot be read, and a figure
// that cannot be drawn (more than kMostRunsCompared runs, another ending) or written.
int compare_runs(const std::vector<std::string>& folders, const std::string& figure,
                 Console& console);

}  // namespace fer
