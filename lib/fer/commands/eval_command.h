// What fer-eval does.
#pragma once

#include <string>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"

namespace fer {

struct EvalCommandOptions {
  CommonOptions common;
  DataOptions data;
  std::string model;
  std::string split = "test";
  std::string json;         // a file, or - for stdout
  std::string figure;       // .svg or .png
  std::string predictions;  // CSV
  std::int64_t batch_size = 64;
  std::string tta = "none";

  void visit(OptionVisitor& visitor);
};

// @throws fer::Error for whatever a user can cause. Returns the exit code.
int run_eval(const EvalCommandOptions& options, Console& console);

}  // namespace fer
