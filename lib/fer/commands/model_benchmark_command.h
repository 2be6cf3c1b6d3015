// `fer-model benchmark`: a model's speed, memory and accuracy in each precision.
#pragma once

#include <cstdint>
#include <string>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"
#include "fer/eval/study_options.h"

namespace fer::commands {

struct ModelBenchmarkOptions {
  CommonOptions common;
  data::DataOptions data;
  std::string model;
  eval::EvaluatedSplit split = eval::EvaluatedSplit::test;
  double seconds = 1.0;  // for each precision and batch
  std::string json;      // a file, or - for stdout

  void visit(OptionVisitor& visitor);
  // @throws fer::Error if no model is named; fer::OptionError for data options that are wrong with
  // every recipe.
  void validate() const;
};

// @throws fer::Error for whatever a user can cause. Returns the exit code.
int run_model_benchmark(const ModelBenchmarkOptions& options, Console& console);

}  // namespace fer::commands
