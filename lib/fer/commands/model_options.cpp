#include "fer/commands/model_command.h"
#include "fer/core/error.h"

namespace fer::commands {

namespace {

void visit_model(OptionVisitor& visitor, const char* help, std::string& model) {
  visitor.group("Model");
  visitor.field(Field("model", help).file("MODEL").as_arguments().essential().not_recorded(),
                model);
}

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

void visit_written_model(OptionVisitor& visitor, std::string& output) {
  visitor.field(Field("output", "Model file to write; it must not exist")
                    .file()
                    .essential()
                    .needed()
                    .not_recorded(),
                output);
}

void check_model(const std::string& model) {
  if (model.empty()) {
    throw Error("no model: name a file, a run folder or a released model (fer-model list)");
  }
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

void ModelCalibrateOptions::visit(OptionVisitor& visitor) {
  visit_model(visitor, "Model to calibrate: a file, a run folder or the name of a released model",
              model);
  data.visit(visitor);
  visitor.group("Calibration");
  visitor.field(Field("split",
                      "Images to fit the temperature on: train (Training), val (PublicTest), test "
                      "(PrivateTest), or all of them. Images that the model was trained on make it "
                      "too sure")
                    .essential(),
                split);
  visitor.field(Field("to",
                      "What the probabilities predict: the labels of the data, or how many people "
                      "name each class, as FER+'s votes have it (" +
                          option("ferplus") + ")"),
                to);
  visitor.field(Field("batch_size", "Images in a batch, on a GPU").range(1, 65'536), batch_size);
  visitor.group("Output");
  visit_written_model(visitor, output);
  visitor.field(Field("store", "Precision of the weights in that file; float16 halves its size"),
                store);
  visitor.field(Field("licence", "Licence note of that file, in place of the model's own"),
                licence);
  common.visit(visitor);
}

void ModelCalibrateOptions::validate() const { check_model(model); }

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
