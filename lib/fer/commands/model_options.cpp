#include "fer/commands/model_command.h"
#include "fer/commands/model_fields.h"
#include "fer/model/model_help.h"

namespace fer::commands {

namespace {

void visit_json(OptionVisitor& visitor, std::string& target) {
  visitor.group("Output");
  visitor.field(Field("json",
                      "Write the output as JSON to this file; - writes it to stdout, and nothing "
                      "else")
                    .file()
                    .essential()
                    .not_recorded(),
                target);
}

}  // namespace

void ModelListOptions::visit(OptionVisitor& visitor) {
  visit_json(visitor, json);
  common.visit(visitor, {});
}

void ModelDescribeOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(model_field(model::model_help() + ". Default: nano").optional(), model);
  visit_json(visitor, json);
  common.visit(visitor, {});
}

void ModelConvertOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(model_field(std::string("Model to convert: ") + model::kOneModelNames), model);
  visitor.group("Output");
  visitor.field(Field("store",
                      "Precision of the stored weights; float16 halves the file; programs compute "
                      "in float32 with the rounded weights")
                    .formerly("to")
                    .essential(),
                store);
  visit_written_model(visitor, output);
  common.visit(visitor, {});
}

void ModelConvertOptions::validate() const { check_model(model); }

}  // namespace fer::commands
