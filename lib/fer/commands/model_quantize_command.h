// The command `fer-model quantize`.
#pragma once

#include <cstdint>
#include <string>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"

namespace fer::commands {

struct ModelQuantizeOptions {
  CommonOptions common;
  data::DataOptions data;
  std::string model;
  std::int64_t images = 1024;
  std::string output = "quantized.safetensors";

  void visit(OptionVisitor& visitor);
  // @throws fer::Error if no model is named; fer::OptionError for data options that are wrong with
  // every recipe.
  void validate() const;
};

// @throws fer::Error for whatever a user can cause, such as an existing output. Returns the exit
// code.
int run_model_quantize(const ModelQuantizeOptions& options, Console& console);

}  // namespace fer::commands
