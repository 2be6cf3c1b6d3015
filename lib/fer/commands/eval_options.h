// What fer-eval can be told.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/data/data_options.h"

namespace fer {

// What the probabilities of a calibrated model stand for.
enum class CalibrationTruth { labels, votes };
std::span<const std::string_view> choice_names(CalibrationTruth);

struct EvalCommandOptions {
  CommonOptions common;
  DataOptions data;
  std::vector<std::string> model;    // several are an ensemble
  std::string weights = "equal";     // of the ensemble's models: equal, fitted, or numbers
  std::vector<std::string> compare;  // models set beside it
  std::string split = "test";
  std::string tta = "none";
  std::int64_t batch_size = 64;
  bool corrupt = false;
  std::string calibrate;  // a new model file with a fitted temperature
  CalibrationTruth calibrate_to = CalibrationTruth::labels;
  std::string store = "float32";  // its weights
  std::string licence;            // its note; empty keeps the model's
  std::string json;               // a file, or - for stdout
  std::string figure;             // .svg or .png
  std::string predictions;        // CSV
  std::string report;             // a folder
  bool images = true;             // faces in the report

  void visit(OptionVisitor& visitor);

  // What fields say of each other. @throws fer::Error.
  void validate() const;

 private:
  void visit_evaluation(OptionVisitor& visitor);
  void visit_calibration(OptionVisitor& visitor);
  void visit_output(OptionVisitor& visitor);
};

}  // namespace fer
