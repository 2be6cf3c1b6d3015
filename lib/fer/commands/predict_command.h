// The program fer-predict without its command line.
#pragma once

#include "fer/commands/console.h"
#include "fer/commands/predict_options.h"

namespace fer {

// Loads the model and predicts for every source; "-" reads std::cin. Returns the exit code as
// predict_sources does. @throws fer::Error for options that do not fit, a model file that does not
// load, and as predict_sources does.
int run_predict(const PredictOptions& options, Console& console);

}  // namespace fer
