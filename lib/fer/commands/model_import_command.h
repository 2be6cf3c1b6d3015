// `fer-model import`: makes an imported model from a third-party ONNX file.
#pragma once

#include <string>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"

namespace fer::commands {

struct ModelImportOptions {
  CommonOptions common;
  std::string onnx;
  std::string spec;  // its description
  std::string output = "imported.safetensors";

  void visit(OptionVisitor& visitor);
  void validate() const;  // @throws fer::Error if no file or no description is named
};

// @throws fer::Error for whatever a user can cause, such as an existing output. Returns the exit
// code.
int run_model_import(const ModelImportOptions& options, Console& console);

}  // namespace fer::commands
