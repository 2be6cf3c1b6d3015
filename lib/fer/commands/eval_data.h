// What fer-eval evaluates on: the images, split as the model's training split them.
#pragma once

#include <string>

#include "fer/commands/console.h"
#include "fer/data/open_data.h"
#include "fer/model/model_file.h"

namespace fer {

// The images of `split` ("all": every image). Where the user did not say how to split a set without
// splits, it is split as in the model's recipe. Notes and warnings go to the console.
// @throws fer::Error as open_data does, and for a split that is not there.
FaceSet open_evaluation_data(const DataOptions& given, const std::string& split,
                             const ModelInfo& model, int threads, Console& console);

}  // namespace fer
