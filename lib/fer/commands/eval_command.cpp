#include "fer/commands/eval_command.h"

#include <nlohmann/json.hpp>

#include "fer/commands/among_ranks.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/mapped_ranges.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/eval/predictions_csv.h"
#include "fer/eval/study.h"
#include "fer/eval/study_json.h"
#include "fer/eval/study_page.h"
#include "fer/eval/study_text.h"
#include "fer/ranks/agreement.h"
#include "fer/report/confusion_figure.h"
#include "fer/report/figure_file.h"
#include "fer/report/report_folder.h"
#include "fer/report/text_report.h"

namespace fer::commands {

namespace {

std::string confusion_figure(const eval::EvalStudy& study, const std::string& split) {
  const metrics::ClassificationReport& report = study.evaluation.report;
  const std::string subtitle = "accuracy " + percent(report.accuracy) + " (95 % interval " +
                               percent(report.accuracy_ci95.low) + " to " +
                               percent(report.accuracy_ci95.high) + "), " + grouped(report.n) +
                               " images of " + split;
  return report::confusion_matrix_svg(report.confusion, study.set.label_set,
                                      {model::joint_name(study.models), subtitle});
}

void write_files(const eval::EvalStudy& study, const EvalCommandOptions& options,
                 Console& console) {
  if (!options.figure.empty()) {
    report::write_figure(options.figure, confusion_figure(study, choice_name(options.split)));
  }
  if (!options.predictions.empty()) {
    AtomicFile file(options.predictions);
    eval::predictions_csv(study.set, study.evaluation.probabilities,
                          [&](const std::string& text) { file.write(text); });
    file.commit();
  }
  if (options.report.empty()) return;
  const auto page = eval::write_study_page(study, options.report, options.images, console);
  console.info("report: " + page.string());
}

std::optional<eval::CalibrationOptions> calibration_of(const EvalCommandOptions& options,
                                                       Console& console) {
  if (options.calibrate.empty()) return std::nullopt;
  console.info(option("calibrate") +
               " is now `fer-model calibrate`; fer-eval 0.3 will not take it any more");
  return eval::CalibrationOptions{.output = options.calibrate,
                                  .truth = options.calibrate_to,
                                  .store = options.store,
                                  .licence = options.licence};
}

// Called before the work, because a path that cannot be written would lose the result.
void check_outputs(const EvalCommandOptions& options) {
  for (const std::string& file :
       {options.figure, options.predictions, options.json, options.calibrate}) {
    if (!file.empty() && file != "-") check_writable(file);
  }
  if (!options.report.empty()) report::check_report_folder(options.report);
}

int evaluate(const EvalCommandOptions& options, ranks::Ranks& ranks, Console& console) {
  const eval::EvalStudy study = eval::run_study(options, options.common.compute(), console,
                                                calibration_of(options, console), ranks);
  check_mapped_files();
  if (!ranks.first()) return 0;
  const std::string json = json_text(eval::study_json(study), 2) + "\n";
  if (!options.json.empty() && options.json != "-") write_file(options.json, json);
  if (options.json == "-") {
    console.results() << json;
  } else {
    console.results() << report::text_report(study.evaluation.report, study.set.label_set,
                                             console.colour())
                      << eval::study_text(study);
  }
  console.results().flush();
  write_files(study, options, console);
  return 0;
}

// The options that must be equal on all ranks. Paths and resources may differ.
nlohmann::json agreed_request(EvalCommandOptions options) {
  nlohmann::json agreed = options_to_json(visiting(options));
  for (const char* own : {"data", "ferplus", "model", "compare", "device", "threads"}) {
    agreed.erase(own);
  }
  agreed["models"] = options.model.size();
  agreed["version"] = version();
  return agreed;
}

int evaluate_among(EvalCommandOptions options, ranks::Ranks& ranks, Console& console) {
  if (ranks.first()) check_outputs(options);
  ranks::check_same_request(agreed_request(options), ranks);
  settle_cores(options.common, ranks, console);
  return evaluate(options, ranks, console);
}

}  // namespace

int run_eval(const EvalCommandOptions& options, Console& console) {
  options.validate();
  const std::optional<ranks::Place> place = ranks::place_of(ranks::environment());
  if (place && place->several()) {
    return run_among_ranks(*place, console, [&](ranks::Ranks& ranks, Console& own) {
      return evaluate_among(options, ranks, own);
    });
  }
  check_outputs(options);
  return evaluate(options, ranks::alone(), console);
}

}  // namespace fer::commands
