// Opens the training images of a run.
#pragma once

#include <string>

#include "fer/data/open_data.h"

namespace fer::train {

// open_data with all images split into training and validation. `resumed`: the run folder whose
// config.json named the data, or empty; errors then mention the start of its relative paths.
// @throws fer::Error as open_data does.
data::OpenedData open_training_data(const data::DataOptions& options, int threads,
                                    const std::string& resumed);

}  // namespace fer::train
