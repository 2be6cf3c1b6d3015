// The images that a run trains on.
#pragma once

#include <string>

#include "fer/data/open_data.h"

namespace fer::train {

// open_data with all images split into training and validation. `resumed`: the run folder whose
// config.json named the data, or empty; an error then says where its relative paths start.
// @throws fer::Error as open_data does.
data::OpenedData open_training_data(const data::DataOptions& options, int threads,
                                    const std::string& resumed);

}  // namespace fer::train
