// fer-train --compare.
#pragma once

#include <string>
#include <vector>

#include "fer/commands/console.h"

namespace fer::commands {

// Prints the table of these run folders (report/run_comparison.h). With `figure`, a path ending in
// .svg or .png, the curves are drawn there, too. Returns the exit code, 0.
// @throws fer::Error as read_runs does, and for a figure that cannot be drawn or written.
int compare_runs(const std::vector<std::string>& folders, const std::string& figure,
                 Console& console);

}  // namespace fer::commands
