#include "fer/eval/study_options.h"

#include "fer/core/option_error.h"
#include "fer/model/model_help.h"

namespace fer::eval {

std::span<const std::string_view> choice_names(EvaluatedSplit) {
  static constexpr std::string_view kNames[] = {"train", "val", "test", "all"};
  return kNames;
}

void StudyOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(Field("model", model::models_help() +
                                   ". Default: nano. Third-party ONNX files need " + option("spec"))
                    .file("MODEL")
                    .essential(),
                model);
  visitor.field(Field("weights", model::weights_help(true)).shown_as("WEIGHTS"), weights);
  visitor.field(
      Field("compare",
            "Compare with this model: its accuracy, McNemar's test, and an interval of the "
            "difference")
          .file("MODEL")
          .not_recorded(),
      compare);
  visitor.field(
      Field(
          "spec",
          "Description of a third-party ONNX file: a JSON file that says what its classes and its "
          "input are (docs/models-of-others.md). Give it once for each ONNX file: first those of " +
              option("model") + ", then those of " + option("compare") + ", in their order")
          .file()
          .not_recorded(),
      spec);
  data.visit(visitor);
  visit_evaluation(visitor);
}

void StudyOptions::visit_evaluation(OptionVisitor& visitor) {
  visitor.group("Evaluation");
  visitor.field(Field("split",
                      "Images to evaluate on: train, val, test (in FER2013: Training, PublicTest, "
                      "PrivateTest), or all of them")
                    .essential(),
                split);
  visitor.field(Field("batch_size", "Images in a batch, on a GPU").range(1, 65'536), batch_size);
  visitor.field(Field("tta", infer::kTtaHelp).essential(), tta);
  visitor.field(Field("precision",
                      "Numeric precision of the classifier on a CPU: float32 gives the same "
                      "classes on every processor (probabilities differ from the seventh digit "
                      "on), auto takes the fastest precision of this processor; int8 is possible "
                      "only for models with scales (fer-model quantize)"),
                precision);
  visitor.field(
      Field("corrupt",
            "Also evaluate under nine corruptions (noise, blur, motion blur, brightness, contrast, "
            "JPEG, occlusion, rotation, low resolution) at five strengths each"),
      corrupt);
}

}  // namespace fer::eval
