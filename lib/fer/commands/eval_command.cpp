#include "fer/commands/eval_command.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "fer/commands/device.h"
#include "fer/commands/eval_data.h"
#include "fer/commands/figure_file.h"
#include "fer/commands/find_model.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/eval/evaluate.h"
#include "fer/infer/tta.h"
#include "fer/report/confusion_figure.h"
#include "fer/report/report_json.h"
#include "fer/report/text_report.h"

namespace fer {

void EvalCommandOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("model",
                      "Model to evaluate: a file, a run folder, or the name of a released one; "
                      "default: the released one"),
                model);
  data.visit(visitor);
  visitor.field(Field("split",
                      "Which images: train (Training), val (PublicTest), test "
                      "(PrivateTest), or all of them")
                    .one_of({"train", "val", "test", "all"}),
                split);
  visitor.field(Field("batch_size", "Images a batch").range(1, 65'536), batch_size);
  visitor.field(Field("tta", "Test-time augmentation: the mean over an image and its mirror image")
                    .one_of(tta_modes()),
                tta);
  visitor.field(Field("json",
                      "Write the result as JSON to this file; - writes it to stdout and "
                      "nothing else")
                    .not_recorded(),
                json);
  visitor.field(Field("figure", "Draw the confusion matrix there: .svg or .png").not_recorded(),
                figure);
  visitor.field(Field("predictions",
                      "Write a CSV with a row an image: index, truth, prediction, "
                      "probabilities")
                    .not_recorded(),
                predictions);
  common.visit(visitor);
}

namespace {

std::string figure_of(const Evaluation& evaluation, const FaceSet& set, const std::string& model,
                      const std::string& split) {
  const ClassificationReport& report = evaluation.report;
  const std::string subtitle = "accuracy " + percent(report.accuracy) + " (95 % interval " +
                               percent(report.accuracy_ci95.low) + " to " +
                               percent(report.accuracy_ci95.high) + "), " + grouped(report.n) +
                               " images of " + split;
  return confusion_matrix_svg(report.confusion, set.label_set, {model, subtitle});
}

// "seed-0-1/best.safetensors": a whole path would be wider than the figure.
std::string figure_title(const std::filesystem::path& path) {
  return (path.parent_path().filename() / path.filename()).string();
}

std::string predictions_csv(const Evaluation& evaluation, const FaceSet& set) {
  const std::size_t classes = set.label_set.size();
  std::string text = "index,truth,prediction";
  for (const std::string& name : set.label_set.names()) text += "," + name;
  text += '\n';
  const auto* row = evaluation.probabilities.const_data_ptr<float>();
  const auto* truths = set.labels.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < set.size(); ++i, row += classes) {
    const auto best = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    text += std::to_string(i) + "," + set.label_set.name(static_cast<std::size_t>(truths[i])) +
            "," + set.label_set.name(best);
    for (std::size_t c = 0; c < classes; ++c) text += "," + shortest(row[c]);
    text += '\n';
  }
  return text;
}

// Before the work: a path that cannot be written would lose its result.
void check_outputs(const EvalCommandOptions& options) {
  if (options.predictions == "-") {
    throw Error("--predictions -: only --json goes to stdout; name a file");
  }
  std::set<std::string> taken;
  for (const std::string& path : {options.figure, options.predictions, options.json}) {
    if (path.empty() || path == "-") continue;
    check_writable(path);
    if (!taken.insert(path).second) throw Error(path + ": is named for two different outputs");
  }
}

nlohmann::json result_json(const Evaluation& evaluation, const FaceSet& set,
                           const std::string& model, const std::string& split,
                           const std::string& tta) {
  nlohmann::json result = report_json(evaluation.report, set.label_set);
  result["split"] = split;
  result["model"] = model;
  result["data"] = set.source;
  result["seconds"] = evaluation.seconds;
  result["tta"] = tta;
  return result;
}

}  // namespace

int run_eval(const EvalCommandOptions& options, Console& console) {
  if (!options.figure.empty()) check_figure_path(options.figure);
  check_outputs(options);
  const std::filesystem::path path = find_model(options.model);
  Model model = load_model(path);
  model.net->to(resolve_device(options.common.device));
  const FaceSet set = open_evaluation_data(options.data, options.split, model.info,
                                           options.common.thread_count(), console);
  console.info(path.string() + " (" + model.info.architecture + ") on " + grouped(set.size()) +
               " images of " + set.source + ", split " + options.split);
  const Evaluation evaluation = evaluate(model, set, options.batch_size, options.tta);
  if (!options.figure.empty()) {
    write_figure(options.figure, figure_of(evaluation, set, figure_title(path), options.split));
  }
  if (!options.predictions.empty()) {
    write_file(options.predictions, predictions_csv(evaluation, set));
  }
  const nlohmann::json json = result_json(evaluation, set, path.string(), options.split,
                                          options.tta);
  if (!options.json.empty() && options.json != "-") {
    write_file(options.json, json_text(json, 2) + "\n");
  }
  if (options.json == "-") {
    console.results() << json_text(json, 2) << '\n';
  } else {
    console.results() << text_report(evaluation.report, set.label_set, console.colour());
  }
  return 0;
}

}  // namespace fer
