#include "fer/report/run_comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/report/compare_figure.h"
#include "fer/report/results_file.h"

namespace fer::report {

namespace {

namespace fs = std::filesystem;

using Row = std::array<std::string, 8>;

const Row kHead = {"run", "epochs", "val acc", "epoch", "balanced", "val loss", "time", "images/s"};

// The parts of a folder's whole path, its own name last.
std::vector<std::string> path_parts(const std::string& folder) {
  fs::path path = fs::absolute(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();  // it ended in a slash
  std::vector<std::string> parts;
  for (const fs::path& part : path) parts.push_back(part.string());
  return parts;
}

std::string last_parts(const std::vector<std::string>& parts, std::size_t count) {
  fs::path name;
  for (std::size_t i = parts.size() - count; i < parts.size(); ++i) name /= parts[i];
  return name.string();
}

// The shortest tails of the paths that are unique; they exist, because the paths differ.
std::vector<std::string> unique_names(const std::vector<std::vector<std::string>>& paths) {
  std::vector<std::size_t> counts(paths.size(), 1);
  std::vector<std::string> names(paths.size());
  for (bool again = true; again;) {
    std::map<std::string, int> uses;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      names[i] = last_parts(paths[i], counts[i]);
      ++uses[names[i]];
    }
    again = false;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (uses[names[i]] == 1 || counts[i] == paths[i].size()) continue;
      ++counts[i];
      again = true;
    }
  }
  return names;
}

std::vector<std::string> names_of(const std::vector<std::string>& folders) {
  std::vector<std::vector<std::string>> paths;
  for (const std::string& folder : folders) {
    if (folder.empty()) throw Error("a run folder's name is empty");
    paths.push_back(path_parts(folder));
    if (std::find(paths.begin(), paths.end() - 1, paths.back()) != paths.end() - 1) {
      throw Error(folder + ": is given twice");
    }
  }
  return unique_names(paths);
}

// The epoch of the highest value, counted from 1, the first one of equals; 0 if none was measured.
std::int64_t highest_epoch(const std::vector<double>& values) {
  double highest = -std::numeric_limits<double>::infinity();
  std::int64_t epoch = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] > highest)) continue;
    highest = values[i];
    epoch = static_cast<std::int64_t>(i) + 1;
  }
  return epoch;
}

// Curves are drawn by position, so the epochs in a file must be 1, 2, 3, …
void check_epochs(const ResultsFile& results, const fs::path& path) {
  const std::vector<double> epochs = results.column("epoch");
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    if (epochs[i] == static_cast<double>(i + 1)) continue;
    throw Error(path.string() + ": line " + std::to_string(i + 2) + ", column 'epoch': " +
                shortest(epochs[i]) + " where " + std::to_string(i + 1) + " should follow");
  }
}

constexpr std::size_t kMostConfig = 1 << 20;

// A run's recipe; an empty object if the file is missing.
nlohmann::json config_of(const fs::path& folder) {
  const fs::path path = folder / "config.json";
  if (!fs::is_regular_file(path)) return nlohmann::json::object();
  auto config = parse_json(read_file(path, kMostConfig));
  return config.is_object() ? config : nlohmann::json::object();
}

// The score by which a run chose its best epoch; the default if its recipe is missing.
std::string monitor_of(const fs::path& folder) {
  const nlohmann::json config = config_of(folder);
  const bool says = config.contains("monitor") && config["monitor"].is_string();
  return says ? config["monitor"].get<std::string>() : "val_accuracy";
}

// The values of that score, higher being better; val_accuracy in old results without it.
std::vector<double> scores_of(const ResultsFile& results, const std::string& monitor) {
  std::vector<double> scores = results.column(results.has(monitor) ? monitor : "val_accuracy");
  if (monitor == "val_loss") {
    for (double& score : scores) score = -score;
  }
  return scores;
}

ComparedRun read_run(const std::string& folder, const std::string& name) {
  const fs::path path = fs::path(folder) / "results.csv";
  const ResultsFile results(path);
  check_epochs(results, path);
  ComparedRun run;
  run.curves.name = name;
  run.curves.val_loss = results.column("val_loss");
  run.curves.val_accuracy = results.column("val_accuracy");
  if (results.has("train_loss")) run.curves.train_loss = results.column("train_loss");
  run.balanced_accuracy = results.column("val_balanced_accuracy");
  run.curves.best_epoch = highest_epoch(scores_of(results, monitor_of(folder)));
  run.seconds = results.column("seconds");
  run.images_per_second = results.column("images_per_second");
  return run;
}

// Minus infinity if nothing was measured.
double best_accuracy(const ComparedRun& run) {
  if (run.curves.best_epoch == 0) return -std::numeric_limits<double>::infinity();
  return run.curves.val_accuracy[static_cast<std::size_t>(run.curves.best_epoch - 1)];
}

double total(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += std::isfinite(value) ? value : 0.0;
  return sum;
}

// The median (of two middle values the upper one) rather than the mean, because the first epoch
// includes one-time work, and other programs may disturb some epochs.
double median(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Files may hold numbers that do not fit into an int64.
std::string whole_text(double value) {
  constexpr double kMost = 1e15;
  return grouped(static_cast<std::int64_t>(std::clamp(value, -kMost, kMost)));
}

Row row_of(const ComparedRun& run) {
  Row row = {run.curves.name,
             std::to_string(run.seconds.size()),
             "–",
             "–",
             "–",
             "–",
             duration(total(run.seconds)),
             whole_text(median(run.images_per_second))};
  if (run.curves.best_epoch == 0) return row;
  const auto best = static_cast<std::size_t>(run.curves.best_epoch - 1);
  row[2] = percent(run.curves.val_accuracy[best]);
  row[3] = std::to_string(run.curves.best_epoch);
  row[4] = percent(run.balanced_accuracy[best]);
  row[5] = fixed(run.curves.val_loss[best], 4);
  return row;
}

std::string line_of(const Row& row, const std::array<std::size_t, 8>& widths, bool best) {
  std::string line = (best ? "* " : "  ") + pad_right(row[0], widths[0]);
  for (std::size_t c = 1; c < row.size(); ++c) line += "  " + pad_left(row[c], widths[c]);
  return line + "\n";
}

}  // namespace

std::vector<ComparedRun> read_runs(const std::vector<std::string>& folders) {
  if (folders.empty()) throw Error("no run to compare; name at least one run folder");
  const std::vector<std::string> names = names_of(folders);
  std::vector<ComparedRun> runs;
  for (std::size_t i = 0; i < folders.size(); ++i) runs.push_back(read_run(folders[i], names[i]));
  return runs;
}

bool recipes_agree(const std::vector<std::string>& folders, const std::vector<std::string>& keys) {
  std::set<nlohmann::json> seen;
  for (const std::string& folder : folders) {
    if (!fs::is_regular_file(fs::path(folder) / "config.json")) continue;
    const nlohmann::json config = config_of(folder);
    nlohmann::json values;
    for (const std::string& key : keys) {
      if (config.contains(key)) values[key] = config[key];
    }
    seen.insert(values);
  }
  return seen.size() <= 1;
}

std::string runs_table(const std::vector<ComparedRun>& runs) {
  std::vector<Row> rows = {kHead};
  double highest = -std::numeric_limits<double>::infinity();
  for (const ComparedRun& run : runs) {
    rows.push_back(row_of(run));
    highest = std::max(highest, best_accuracy(run));
  }
  std::array<std::size_t, 8> widths{};
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], column_width(row[c]));
    }
  }
  std::string table = line_of(rows[0], widths, false);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool best = runs[i].curves.best_epoch > 0 && best_accuracy(runs[i]) == highest;
    table += line_of(rows[i + 1], widths, best);
  }
  return table;
}

std::string runs_svg(const std::vector<ComparedRun>& runs) {
  std::vector<NamedCurves> curves;
  for (const ComparedRun& run : runs) curves.push_back(run.curves);
  return compare_curves_svg(curves, {});
}

}  // namespace fer::report
