// Opens the images for the evaluation of a model, with the split of its training.
#pragma once

#include "fer/core/log.h"
#include "fer/data/open_data.h"
#include "fer/eval/study_options.h"
#include "fer/nn/model.h"

namespace fer::eval {

// The images of `split` with the model's classes, matched by name; the data need not have all of
// them. A set without splits is split as in the model's recipe, unless the user's options say
// otherwise. Logs notes and warnings. @throws fer::Error as open_data does, for images of unknown
// classes (unless the options skip them), and for a missing split.
data::FaceSet open_evaluation_data(const data::DataOptions& given, EvaluatedSplit split,
                                   const model::ModelInfo& model, int threads, Log& log);

// Opens the images of `set`, which open_evaluation_data() gave for the same arguments, once more in
// the format `faces`, and logs nothing. For options and data that leave the format open. @throws
// fer::Error as open_evaluation_data().
data::FaceSet reopen_evaluation_data(const data::DataOptions& given, EvaluatedSplit split,
                                     const model::ModelInfo& model, const data::FaceSet& set,
                                     const FaceFormat& faces, int threads);

// The training images, to compute parameters from, without the images whose scores chose the model.
// @throws fer::Error as open_evaluation_data(), and if no image is left.
data::FaceSet open_training_images(const data::DataOptions& given, const model::ModelInfo& model,
                                   int threads, Log& log);

}  // namespace fer::eval
