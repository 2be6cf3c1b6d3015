// What a model is evaluated on: the images, split as the model's training split them.
#pragma once

#include "fer/core/log.h"
#include "fer/data/open_data.h"
#include "fer/eval/study_options.h"
#include "fer/nn/model.h"

namespace fer::eval {

// The images of `split`, under the model's classes: those of the data are matched
// with them by name, and need not be all. Where the user did not say how to split a set without
// splits, it is split as in the model's recipe. Notes and warnings go to the log.
// @throws fer::Error as open_data does, for images of classes that the model does not know (or they
// are left out and counted, where the options say so), and for a split that is not there.
data::FaceSet open_evaluation_data(const data::DataOptions& given, EvaluatedSplit split,
                                   const model::ModelInfo& model, int threads, Log& log);

// The same images once more, for another model that is to see them as `faces`. Nothing is told again.
// For options and data that leave the format open. @throws fer::Error as above.
data::FaceSet reopen_evaluation_data(const data::DataOptions& given, EvaluatedSplit split,
                                     const model::ModelInfo& model, const FaceFormat& faces,
                                     int threads);

// The training images, for what is found from them rather than judged by them. Without those by
// whose scores the model was chosen, however this data are split. @throws fer::Error as above, and
// where none are left.
data::FaceSet open_training_images(const data::DataOptions& given, const model::ModelInfo& model,
                                   int threads, Log& log);

}  // namespace fer::eval
