// Warns of options that are allowed but make a poor model.
#pragma once

#include "fer/core/log.h"
#include "fer/data/face_set.h"
#include "fer/train/train_options.h"

namespace fer::train {

// Warns before the run, which would end without an error, of classes without images, options
// without effect, unused votes, and an average (`ema`) over more steps than the run has.
void warn_of_what_cannot_help(const TrainOptions& options, const data::FaceSet& train, Log& log);

}  // namespace fer::train
