// fer-train --lr-range-test.
#pragma once

#include "fer/commands/console.h"
#include "fer/commands/train_command.h"
#include "fer/data/face_set.h"

namespace fer::commands {

// Draws the figure of --lr-range-test and prints its path and a suggested rate. Returns the exit
// code. @throws fer::Error for whatever a user can cause.
int run_lr_range(const TrainCommandOptions& options, const data::FaceSet& set, Console& console);

}  // namespace fer::commands
