#include "fer/commands/model_import_command.h"

#include "fer/commands/model_fields.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/model/model_file.h"
#include "fer/model/onnx_description.h"

namespace fer::commands {

void ModelImportOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(Field("onnx", "ONNX file of a classifier of faces")
                    .file("ONNX")
                    .as_arguments()
                    .essential()
                    .not_recorded(),
                onnx);
  visitor.field(Field("spec",
                      "Its description: a JSON file that says what its classes and its input are "
                      "(docs/models-of-others.md)")
                    .file()
                    .essential()
                    .not_recorded(),
                spec);
  visitor.group("Output");
  visit_written_model(visitor, output);
  common.visit(visitor, {});
}

void ModelImportOptions::validate() const {
  if (onnx.empty()) throw Error("no model: name an ONNX file");
  if (spec.empty()) {
    throw OptionError("spec",
                      "names no description; an ONNX file does not say what its classes and its "
                      "input are (docs/models-of-others.md)");
  }
}

int run_model_import(const ModelImportOptions& options, Console& console) {
  options.validate();
  check_new_file(options.output);
  model::ModelInfo info = model::read_onnx_description(options.spec);
  info.creator = "others; imported by fer-model " + std::string(version());
  const std::string onnx = read_file(options.onnx, model::kMostOnnxBytes);
  const model::Model model = model::imported_model(std::move(info), onnx, options.onnx);
  model::write_imported(model.info, onnx, options.output);
  const FaceFormat& format = model.info.input.cut.format;
  console.info(options.onnx + ": " + grouped(model.parameters()) + " parameters; " +
               std::to_string(format.width) + "x" + std::to_string(format.height) + " " +
               choice_name(format.colour) + " -> " + join(model.info.labels.names(), ", "));
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
