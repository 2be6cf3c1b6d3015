// The program fer-predict without its command line.
#pragma once

#include <istream>

#include "fer/commands/console.h"
#include "fer/commands/predict_options.h"
#include "fer/predict/session.h"

namespace fer::commands {

// Loads the model and predicts for every source; "-" reads std::cin. Returns the exit code as
// predict_sources does. @throws fer::Error for options that do not fit, a model file that does not
// load, and as predict_sources does.
int run_predict(const PredictOptions& options, Console& console);

// run_predict() with any classifier. Results go to console.results(). The source "-" reads `names`.
// Returns the exit code: 0, 1 if some frame failed, 130 if console.stop_requested() ended it early.
// @throws fer::Error as PredictionSession does, and if the output would overwrite the source.
int predict_sources(const PredictOptions& options, predict::FaceModel model, std::istream& names,
                    Console& console);

}  // namespace fer::commands
