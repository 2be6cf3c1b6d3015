#include "fer/commands/eval_options.h"

#include <set>

#include "fer/commands/option_checks.h"
#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/model/named_models.h"
#include "fer/report/figure_file.h"
#include "fer/tensors/device.h"

namespace fer::commands {

void EvalCommandOptions::visit(OptionVisitor& visitor) {
  eval::StudyOptions::visit(visitor);
  visit_calibration(visitor);
  visit_output(visitor);
  common.visit(visitor, {.device = true, .threads = true, .seed = true});
}

void EvalCommandOptions::visit_calibration(OptionVisitor& visitor) {
  visitor.group("Calibration");
  visitor.field(
      Field("calibrate",
            "Deprecated, removed in version 0.3; use fer-model calibrate. Fits a temperature on "
            "the validation images and writes the model to this file")
          .file()
          .not_recorded(),
      calibrate);
  visitor.field(Field("calibrate_to",
                      "What the temperature is fitted to: the labels of the data, or the shares of "
                      "FER+'s votes (" +
                          option("ferplus") + ")")
                    .only_with("calibrate")
                    .not_recorded(),
                calibrate_to);
  visitor.field(Field("store", "Precision of the stored weights; float16 halves the file")
                    .only_with("calibrate")
                    .not_recorded(),
                store);
  visitor.field(Field("licence", "Licence note of the file that " + option("calibrate") +
                                     " writes, in place of the model's own")
                    .only_with("calibrate")
                    .not_recorded(),
                licence);
}

void EvalCommandOptions::visit_output(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.field(Field("json",
                      "Write the result as JSON to this file; - writes it to stdout, and nothing "
                      "else")
                    .file()
                    .essential()
                    .not_recorded(),
                json);
  visitor.field(Field("report",
                      "Write an HTML page with all figures into this folder, which is created if "
                      "it does not exist")
                    .folder()
                    .essential()
                    .not_recorded(),
                report);
  visitor.field(Field("images", "Show faces in the report; " + option("no_images") +
                                    " leaves them out, for published reports")
                    .not_recorded(),
                images);
  visitor.field(Field("figure", "Write the confusion matrix as a figure to this .svg or .png file")
                    .file()
                    .essential()
                    .not_recorded(),
                figure);
  visitor.field(
      Field("predictions",
            "Write a CSV with a row for each image: index, truth, prediction, probabilities")
          .file("CSV")
          .not_recorded(),
      predictions);
}

void EvalCommandOptions::validate() const {
  check_data_of_model(data);
  tensors::check_device_name(common.device);
  model::given_weights(weights, parts_of(weights, ',').size(), {"equal", "fitted"});
  if (!figure.empty()) report::check_figure_name(figure);
  if (!images && report.empty()) {
    throw OptionError("no_images", "belongs to " + option("report") + "; name its folder");
  }
  if (predictions == "-") {
    throw OptionError("predictions", "-",
                      "only " + option("json") + " goes to stdout; name a file");
  }
  if (!calibrate.empty() && model.size() > 1) {
    throw OptionError("calibrate", "fits one model, and " + option("model") + " names " +
                                       std::to_string(model.size()));
  }
  const bool to_votes = calibrate_to == eval::CalibrationTruth::votes;
  if (calibrate.empty() &&
      (to_votes || store != model::WeightPrecision::float32 || !licence.empty())) {
    const char* field = to_votes                                   ? "calibrate_to"
                        : store != model::WeightPrecision::float32 ? "store"
                                                                   : "licence";
    throw OptionError(field,
                      "belongs to the file that " + option("calibrate") + " writes; name one");
  }
  std::set<std::string> taken;
  for (const std::string& path : {figure, predictions, json, calibrate, report}) {
    if (path.empty() || path == "-") continue;
    if (!taken.insert(path).second) throw Error(path + ": is named for two different outputs");
  }
}

}  // namespace fer::commands
