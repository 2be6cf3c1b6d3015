#include <nlohmann/json.hpp>

#include "fer/check/check_json.h"
#include "fer/check/check_page.h"
#include "fer/check/check_text.h"
#include "fer/check/data_study.h"
#include "fer/commands/data_command.h"
#include "fer/commands/exit_code.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/data/data_check.h"
#include "fer/data/open_data.h"
#include "fer/detect/detector_names.h"
#include "fer/report/report_folder.h"

namespace fer::commands {

void DataCheckOptions::visit(OptionVisitor& visitor) {
  data.visit_sets(visitor);
  visitor.group("Output");
  visitor.field(
      Field("json",
            "Write the findings as JSON to this file; - writes them to stdout, and "
            "nothing else. Doubted labels and images without a face are in it only with " +
                option("report"))
          .file()
          .essential()
          .not_recorded(),
      json);
  visitor.field(Field("report",
                      "Write an HTML page into this folder: counts, mean faces, equal and blank "
                      "images, labels that are probably wrong, images without a face")
                    .folder()
                    .essential()
                    .not_recorded(),
                report);
  visitor.field(
      Field("images", "Show faces in the report").only_with("report").essential().not_recorded(),
      images);
  visitor.field(Field("doubts",
                      "Train small networks to find labels that are probably wrong; needs 300 "
                      "images or more, and takes a minute or two for FER2013 on two cores")
                    .only_with("report")
                    .essential(),
                doubts);
  visitor.field(
      Field("detector", "Face detector that looks for images without a face; none skips the search")
          .only_with("report")
          .one_of(detect::detector_names()),
      detector);
  common.visit(visitor, {.threads = true, .seed = true});
}

int run_data_check(const DataCheckOptions& options, Console& console) {
  if (!options.report.empty()) report::check_report_folder(options.report);
  if (!options.json.empty() && options.json != "-") check_writable(options.json);
  // Read without a hold-out, which would change the counts.
  const data::OpenedData opened = data::read_data(options.data, options.common.thread_count());
  for (const std::string& note : opened.notes) console.info(note);
  const data::DataCheck check = data::check_data(opened.set);
  nlohmann::json findings = check::check_json(check, opened.set);
  if (!options.report.empty()) {
    const check::DataStudyOptions asked{options.doubts, options.detector, options.common.seed};
    const auto study = check::study_data(opened.set, asked, console, console.stop_requested());
    if (!study) {
      console.warn("interrupted: no report is written");
      return kExitInterrupted;
    }
    check::add_study(*study, opened.set, findings);
    const auto page =
        check::write_check_page(opened.set, check, *study, options.report, options.images);
    console.info("report: " + page.string());
  }
  if (options.json == "-") {
    console.results() << json_text(findings, 2) << '\n';
    return 0;
  }
  if (!options.json.empty()) write_file(options.json, json_text(findings, 2) + "\n");
  console.results() << check::check_text(check, opened.set);
  return 0;
}

}  // namespace fer::commands
