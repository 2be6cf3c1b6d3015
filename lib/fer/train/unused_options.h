// Options that change nothing beside the others.
#pragma once

#include <string>
#include <vector>

#include "fer/train/train_options.h"

namespace fer::train {

// A line for each option that is not as usual and without effect, because the switch it belongs to
// is off: "sam_rho": has no effect without "sam" sam or asam
std::vector<std::string> unused_options(const TrainOptions& options);

}  // namespace fer::train
