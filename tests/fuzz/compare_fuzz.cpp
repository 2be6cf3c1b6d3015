// A run folder, as fer-train --compare reads it: results.csv, then a zero byte and config.json.
#include <fstream>

#include "fer/report/results_file.h"
#include "fer/report/run_comparison.h"
#include "fuzz/fuzz_target.h"
#include "support/temporary_folder.h"

namespace fer::fuzz {

namespace {

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

void compare(std::string_view bytes) {
  static const test::TemporaryFolder folder;
  const auto [results, config] = split_at(bytes, '\0');
  write(folder / "results.csv", results);
  write(folder / "config.json", config);
  const std::vector<std::string> runs = {folder.path().string()};
  may_refuse("results.csv", [&] {
    const auto read = report::read_runs(runs);
    require(report::runs_table(read).find('\n') != std::string::npos, "a table has lines");
    require(report::runs_svg(read).starts_with("<svg"), "the figure is an SVG");
  });
  report::recipes_agree(runs, {"data", "seed", "monitor"});
}

}  // namespace fer::fuzz
