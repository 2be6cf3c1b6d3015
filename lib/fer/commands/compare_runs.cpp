#include "fer/commands/compare_runs.h"

#include "fer/data/data_options.h"
#include "fer/report/figure_file.h"
#include "fer/report/run_comparison.h"

namespace fer::commands {

namespace {

// The options that determine a run's validation images and classes.
std::vector<std::string> validation_keys() {
  data::DataOptions described;
  std::vector<std::string> keys = split_option_names(visiting(described));
  const std::vector<std::string> of_data = data_option_names(visiting(described));
  keys.insert(keys.end(), of_data.begin(), of_data.end());
  return keys;
}

}  // namespace

int compare_runs(const std::vector<std::string>& folders, const std::string& figure,
                 Console& console) {
  if (!figure.empty()) report::check_figure_path(figure);
  const std::vector<report::ComparedRun> runs = report::read_runs(folders);
  // Drawn first, so that the error of too many runs comes without other output.
  const std::string svg = figure.empty() ? std::string() : report::runs_svg(runs);
  if (!report::recipes_agree(folders, validation_keys())) {
    console.warn(
        "the configs of these runs differ in data or split, so their scores may not be comparable");
  }
  console.results() << report::runs_table(runs);
  if (!figure.empty()) report::write_figure(figure, svg);
  return 0;
}

}  // namespace fer::commands
