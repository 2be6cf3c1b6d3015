#include "fer/commands/eval_options.h"

#include <set>

#include "fer/commands/figure_file.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/infer/tta.h"
#include "fer/report/report_folder.h"

namespace fer {

void EvalCommandOptions::visit(OptionVisitor& visitor) {
  visitor.field(
      Field("model",
            "Model to evaluate: a file, a run folder, or the name of a released one; may "
            "repeat: the models' mean probability is evaluated; default: the released one"),
      model);
  visitor.field(
      Field("weights",
            "How much each of several models counts: equal (those of an ensemble file as it says), "
            "fitted (most likely on the validation images), or numbers in their order, like 2,1,1"),
      weights);
  visitor.field(
      Field("compare",
            "Set this model beside it: its accuracy, McNemar's test, and an interval of the "
            "difference; may repeat")
          .not_recorded(),
      compare);
  data.visit(visitor);
  visitor.field(Field("split",
                      "Which images: train (Training), val (PublicTest), test "
                      "(PrivateTest), or all of them")
                    .one_of({"train", "val", "test", "all"}),
                split);
  visitor.field(Field("batch_size", "Images a batch, on a GPU").range(1, 65'536), batch_size);
  visitor.field(Field("tta",
                      "Test-time augmentation, the mean over several looks: flip (and its mirror "
                      "image), shifts (moved by some pixels, too), ten-crop")
                    .one_of(tta_modes()),
                tta);
  visitor.field(
      Field("corrupt",
            "Evaluate under noise, blur, brightness, contrast, JPEG, occlusion, rotation and "
            "low resolution as well, at five strengths each"),
      corrupt);
  visitor.field(
      Field("calibrate",
            "Fit a temperature to the validation images and write the model with it to this "
            "file; its predictions stay, its probabilities become honest")
          .not_recorded(),
      calibrate);
  visitor.field(
      Field(
          "store",
          "How --calibrate's file holds weights; float16 halves it, for models that are given away")
          .one_of({"float32", "float16"})
          .not_recorded(),
      store);
  visitor.field(Field("licence",
                      "What --calibrate's file says of its licence, instead of what the model says")
                    .not_recorded(),
                licence);
  visitor.field(Field("json",
                      "Write the result as JSON to this file; - writes it to stdout and "
                      "nothing else")
                    .not_recorded(),
                json);
  visitor.field(
      Field("report", "Write a page with all figures into this folder, made where it is not there")
          .not_recorded(),
      report);
  visitor.field(Field("images",
                      "Show faces in the report; --no-images leaves them out, for reports "
                      "that are published")
                    .not_recorded(),
                images);
  visitor.field(Field("figure", "Draw the confusion matrix there: .svg or .png").not_recorded(),
                figure);
  visitor.field(Field("predictions",
                      "Write a CSV with a row an image: index, truth, prediction, "
                      "probabilities")
                    .not_recorded(),
                predictions);
  common.visit(visitor);
}

// Before the work: a path that cannot be written would lose its result.
void EvalCommandOptions::validate() const {
  if (!figure.empty()) check_figure_path(figure);
  if (!images && report.empty()) {
    throw Error("--no-images: belongs to --report; name its folder");
  }
  if (predictions == "-") {
    throw Error("--predictions -: only --json goes to stdout; name a file");
  }
  if (!calibrate.empty() && model.size() > 1) {
    throw Error("--calibrate: fits one model, and --model names " + std::to_string(model.size()));
  }
  if (calibrate.empty() && (store != "float32" || !licence.empty())) {
    throw Error(std::string(store != "float32" ? "--store" : "--licence") +
                ": belongs to the file that --calibrate writes; name one");
  }
  std::set<std::string> taken;
  for (const std::string& path : {figure, predictions, json, calibrate, report}) {
    if (path.empty() || path == "-") continue;
    path == report ? check_report_folder(path) : check_writable(path);
    if (!taken.insert(path).second) throw Error(path + ": is named for two different outputs");
  }
}

}  // namespace fer
