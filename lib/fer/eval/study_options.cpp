#include "fer/eval/study_options.h"

namespace fer::eval {

std::span<const std::string_view> choice_names(EvaluatedSplit) {
  static constexpr std::string_view kNames[] = {"train", "val", "test", "all"};
  return kNames;
}

void StudyOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(Field("model",
                      "Model to evaluate: a file, a run folder or the name of a released model. "
                      "Several are an ensemble, the mean of their probabilities. Without this "
                      "option it is the released default model")
                    .file("MODEL")
                    .essential(),
                model);
  visitor.field(
      Field("weights",
            "Weights of an ensemble's models: equal (or as an ensemble file says), fitted (the "
            "most likely ones on the validation images), or numbers in the models' order: 2,1,1")
          .shown_as("WEIGHTS"),
      weights);
  visitor.field(
      Field("compare",
            "Compare with this model: its accuracy, McNemar's test, and an interval of the "
            "difference")
          .file("MODEL")
          .not_recorded(),
      compare);
  data.visit(visitor);
  visit_evaluation(visitor);
}

void StudyOptions::visit_evaluation(OptionVisitor& visitor) {
  visitor.group("Evaluation");
  visitor.field(Field("split",
                      "Images to evaluate on: train (Training), val (PublicTest), test "
                      "(PrivateTest), or all of them")
                    .essential(),
                split);
  visitor.field(Field("batch_size", "Images in a batch, on a GPU").range(1, 65'536), batch_size);
  visitor.field(Field("tta",
                      "Test-time augmentation, the mean over several views of a face: flip (the "
                      "face and its mirror image), shifts (also moved by some pixels), ten-crop")
                    .essential(),
                tta);
  visitor.field(Field("precision",
                      "How exactly a CPU computes: float32 gives the same numbers on every "
                      "processor, auto takes bfloat16 where the processor multiplies it faster"),
                precision);
  visitor.field(
      Field("corrupt",
            "Evaluate also under noise, blur, brightness, contrast, JPEG, occlusion, rotation and "
            "low resolution, at five strengths each"),
      corrupt);
}

}  // namespace fer::eval
