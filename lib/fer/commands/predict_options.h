// The options of fer-predict.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/core/options.h"
#include "fer/infer/precision.h"
#include "fer/infer/tta.h"
#include "fer/predict/face_search_options.h"

namespace fer::commands {

struct PredictOptions {
  std::vector<std::string> sources;
  std::vector<std::string> model;
  std::vector<std::string> spec;  // descriptions of the ONNX files among the models
  infer::Tta tta = infer::Tta::none;
  infer::Precision precision = infer::Precision::float32;
  double min_confidence = 0.0;
  std::vector<std::string> person_baseline;
  predict::FaceSearchOptions faces;
  double crop_margin = 0.0;  // 0: the detector's default
  bool track = true;
  double smooth = 0.5;
  std::string format = "auto";
  std::string output;
  bool show = false;
  std::string save_crops;
  std::string explain;
  std::string features;
  bool stats = false;
  std::int64_t every = 1;
  double reconnect = 30.0;
  bool recursive = false;
  std::string shard;  // in the form of core/shard.h
  std::string results;
  bool videos = true;
  std::int64_t batch_size = 64;
  std::int64_t top = 3;
  CommonOptions common;

  void visit(OptionVisitor& visitor);

  std::string results_file() const;    // empty: standard output
  std::string results_format() const;  // a format of output/prediction_writer.h

  // Checks fields against each other. @throws fer::Error naming the options.
  void validate() const;

 private:
  void check_results() const;
  void visit_input(OptionVisitor& visitor);
  void visit_model(OptionVisitor& visitor);
  void visit_faces(OptionVisitor& visitor);
  void visit_video(OptionVisitor& visitor);
  void visit_output(OptionVisitor& visitor);
};

}  // namespace fer::commands
