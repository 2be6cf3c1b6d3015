// `fer-model benchmark`: what a model costs and is worth in each precision.
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
  // @throws fer::Error where no model is named; fer::OptionError for options of data that no
  // model's recipe can mend.
  void validate() const;
};

// @throws fer::Error for whatever a user can cause. Returns the exit code.
int run_model_benchmark(const ModelBenchmarkOptions& options, Console& console);

}  // namespace fer::commands
