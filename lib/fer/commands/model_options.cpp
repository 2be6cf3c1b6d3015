#include "fer/commands/model_command.h"
#include "fer/commands/model_fields.h"

namespace fer::commands {

namespace {

void visit_json(OptionVisitor& visitor, std::string& target) {
  visitor.group("Output");
  visitor.field(Field("json",
                      "Write the same as JSON to this file; - writes it to stdout, and nothing "
                      "else")
                    .file()
                    .essential()
                    .not_recorded(),
                target);
}

}  // namespace

void ModelListOptions::visit(OptionVisitor& visitor) {
  visit_json(visitor, json);
  common.visit(visitor);
}

void ModelDescribeOptions::visit(OptionVisitor& visitor) {
  visit_model(visitor,
              "Model to describe: a file, a run folder or the name of a released model or "
              "ensemble. Without it, it is the released default model",
              model);
  visit_json(visitor, json);
  common.visit(visitor);
}

void ModelConvertOptions::visit(OptionVisitor& visitor) {
  visit_model(visitor, "Model to convert: a file, a run folder or the name of a released model",
              model);
  visitor.group("Output");
  visitor.field(
      Field("to",
            "Precision in which the weights are stored: float16 halves the file; programs "
            "compute in float32 with the rounded weights")
          .essential(),
      to);
  visit_written_model(visitor, output);
  common.visit(visitor);
}

void ModelConvertOptions::validate() const { check_model(model); }

}  // namespace fer::commands
