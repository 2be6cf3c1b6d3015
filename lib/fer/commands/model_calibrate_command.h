// The command `fer-model calibrate`.
#pragma once

#include <cstdint>
#include <string>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"
#include "fer/eval/calibrate_model.h"
#include "fer/eval/study_options.h"
#include "fer/model/weight_precision.h"

namespace fer::commands {

struct ModelCalibrateOptions {
  CommonOptions common;
  data::DataOptions data;
  std::string model;
  eval::EvaluatedSplit split = eval::EvaluatedSplit::val;
  eval::CalibrationTruth to = eval::CalibrationTruth::labels;
  model::WeightPrecision store = model::WeightPrecision::float32;
  std::string licence;  // empty keeps the model's
  std::int64_t batch_size = 64;
  std::string output = "calibrated.safetensors";

  void visit(OptionVisitor& visitor);
  // @throws fer::Error if no model is named; fer::OptionError for data options that are wrong with
  // every recipe.
  void validate() const;
};

// @throws fer::Error for whatever a user can cause, such as an existing output. Returns the exit
// code.
int run_model_calibrate(const ModelCalibrateOptions& options, Console& console);

}  // namespace fer::commands
