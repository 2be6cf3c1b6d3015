// The options of fer-eval.
#pragma once

#include <string>

#include "fer/commands/common_options.h"
#include "fer/eval/calibrate_model.h"
#include "fer/eval/study_options.h"

namespace fer::commands {

struct EvalCommandOptions : eval::StudyOptions {
  CommonOptions common;
  std::string calibrate;  // a new model file with a fitted temperature
  eval::CalibrationTruth calibrate_to = eval::CalibrationTruth::labels;
  model::WeightPrecision store = model::WeightPrecision::float32;  // precision of its weights
  std::string licence;      // its licence note; empty: the model's
  std::string json;         // a file, or - for stdout
  std::string figure;       // .svg or .png
  std::string predictions;  // CSV
  std::string report;       // a folder
  bool images = true;       // faces in the report

  void visit(OptionVisitor& visitor);

  // Checks fields against each other. @throws fer::Error.
  void validate() const;

 private:
  void visit_calibration(OptionVisitor& visitor);
  void visit_output(OptionVisitor& visitor);
};

}  // namespace fer::commands
