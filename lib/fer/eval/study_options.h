// The options of a study.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/options.h"
#include "fer/data/data_options.h"
#include "fer/infer/precision.h"
#include "fer/infer/tta.h"

namespace fer::eval {

// The images that a model is evaluated on.
enum class EvaluatedSplit { train, val, test, all };
std::span<const std::string_view> choice_names(EvaluatedSplit);

struct StudyOptions {
  data::DataOptions data;
  std::vector<std::string> model;    // several are an ensemble
  std::string weights = "equal";     // of the ensemble's models: equal, fitted, or numbers
  std::vector<std::string> compare;  // models to compare with
  std::vector<std::string> spec;     // descriptions of the ONNX files among these models
  EvaluatedSplit split = EvaluatedSplit::test;
  infer::Tta tta = infer::Tta::none;
  infer::Precision precision = infer::Precision::float32;  // on a CPU
  std::int64_t batch_size = 64;
  bool corrupt = false;

  void visit(OptionVisitor& visitor);

 private:
  void visit_evaluation(OptionVisitor& visitor);
};

}  // namespace fer::eval
