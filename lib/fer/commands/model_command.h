// The commands `list`, `describe` and `convert` of fer-model. Each other command has a header of
// its own, model_NAME_command.h; `calibrate`, `quantize` and `benchmark` need LibTorch.
#pragma once

#include <cstdint>
#include <string>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/model/weight_precision.h"

namespace fer::commands {

struct ModelListOptions {
  CommonOptions common;
  std::string json;  // a file, or - for stdout

  void visit(OptionVisitor& visitor);
};

struct ModelDescribeOptions {
  CommonOptions common;
  std::string model;  // empty: the released default
  std::string json;   // a file, or - for stdout

  void visit(OptionVisitor& visitor);
};

struct ModelConvertOptions {
  CommonOptions common;
  std::string model;
  model::WeightPrecision store = model::WeightPrecision::float16;
  std::string output = "converted.safetensors";

  void visit(OptionVisitor& visitor);
  void validate() const;  // @throws fer::Error if no model is named
};

// All @throw fer::Error for whatever a user can cause, such as an existing output, and return the
// exit code.
int run_model_list(const ModelListOptions& options, Console& console);
int run_model_describe(const ModelDescribeOptions& options, Console& console);
int run_model_convert(const ModelConvertOptions& options, Console& console);

}  // namespace fer::commands
