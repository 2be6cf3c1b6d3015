// `fer-model export`: models as files for other toolkits.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/model/onnx_export.h"

namespace fer::commands {

enum class ExportFormat { onnx };
std::span<const std::string_view> choice_names(ExportFormat);

struct ModelExportOptions {
  CommonOptions common;
  std::vector<std::string> model;  // several are an ensemble
  std::string weights = "equal";   // or numbers like 2,1
  ExportFormat format = ExportFormat::onnx;
  model::OnnxExport onnx;
  std::string output = "model.onnx";

  void visit(OptionVisitor& visitor);
  // @throws fer::Error if no model is named; fer::OptionError for invalid weights.
  void validate() const;
};

// @throws fer::Error for whatever a user can cause, such as an existing output. Returns the exit
// code.
int run_model_export(const ModelExportOptions& options, Console& console);

}  // namespace fer::commands
