// Finds options that have no effect.
#pragma once

#include <string>
#include <vector>

#include "fer/train/train_options.h"

namespace fer::train {

// A line for each option that differs from its default but has no effect, because the option named
// by its only_with() lacks the needed value: "sam_rho": has no effect without "sam" sam or asam
std::vector<std::string> unused_options(const TrainOptions& options);

}  // namespace fer::train
