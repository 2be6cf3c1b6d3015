#include "fer/commands/compare_runs.h"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/svg_png.h"
#include "fer/train/training_state.h"
#include "support/catch.h"
#include "support/png_size.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::RecordingConsole;
using test::TemporaryFolder;

struct Scores {
  double val_accuracy = 0.5;
  double val_loss = 1.5;
  double balanced = 0.4;
  double seconds = 30.0;
  double images_per_second = 1000.0;
};

// A run folder with results as the trainer writes them.
std::string make_run(const std::filesystem::path& folder, const std::vector<Scores>& epochs) {
  std::vector<train::EpochReport> history;
  for (const Scores& scores : epochs) {
    train::EpochReport report;
    report.epoch = static_cast<std::int64_t>(history.size()) + 1;
    report.train_loss = 1.75;
    report.val_accuracy = scores.val_accuracy;
    report.val_loss = scores.val_loss;
    report.val_balanced_accuracy = scores.balanced;
    report.seconds = scores.seconds;
    report.images_per_second = scores.images_per_second;
    history.push_back(report);
  }
  write_file(folder / "results.csv", train::results_csv(history));
  return folder.string();
}

std::vector<std::string> compared_lines(const std::vector<std::string>& folders) {
  RecordingConsole console;
  CHECK(compare_runs(folders, "", console) == 0);
  std::vector<std::string> lines;
  std::istringstream text(console.output.str());
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

// The first word of each line below the head, behind the place of the star.
std::vector<std::string> names_in(const std::vector<std::string>& lines) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    names.push_back(lines[i].substr(2, lines[i].find(' ', 2) - 2));
  }
  return names;
}

void fails(const std::vector<std::string>& folders, const std::string& figure,
           const std::string& message) {
  RecordingConsole console;
  CHECK_THROWS_MATCHES(compare_runs(folders, figure, console), Error,
                       MessageMatches(ContainsSubstring(message)));
  CHECK(console.output.str() == "");
}

TEST_CASE("runs are compared at their best epochs, and the best run has a star",
          "[commands][unit]") {
  const TemporaryFolder runs;
  const std::string a = make_run(runs / "a-1", {{0.5, 1.5, 0.45, 30.0, 900.0},
                                                {0.6, 1.25, 0.55, 20.0, 1600.0},
                                                {0.55, 1.125, 0.575, 10.0, 1500.0}});
  const std::string b = make_run(runs / "b-1", {{0.55, 1.4, 0.5, 3700.0, 500.0}});
  CHECK(compared_lines({a, b}) ==
        std::vector<std::string>{
            "  run  epochs  val acc  epoch  balanced  val loss        time  images/s",
            "* a-1       3  60.00 %      2   55.00 %    1.2500  1 min 00 s     1,500",
            "  b-1       1  55.00 %      1   50.00 %    1.4000  1 h 01 min       500"});
}

TEST_CASE("of epochs that are equally good the first is the best one", "[commands][unit]") {
  const TemporaryFolder runs;
  const std::string a = make_run(runs / "a-1", {{0.5, 1.5}, {0.5, 1.25}});
  CHECK_THAT(compared_lines({a})[1],
             ContainsSubstring("50.00 %      1") && ContainsSubstring("1.5000"));
}

TEST_CASE("a run is compared at the epoch that its own monitor kept", "[commands][unit]") {
  const TemporaryFolder runs;
  const std::string a =
      make_run(runs / "a-1", {{0.6, 1.5, 0.5}, {0.5, 1.25, 0.6}, {0.4, 1.125, 0.4}});
  const auto row_with = [&](const std::string& config) {
    write_file(runs / "a-1" / "config.json", config);
    return compared_lines({a})[1];
  };
  CHECK_THAT(row_with(R"({"monitor":"val_loss"})"), ContainsSubstring("40.00 %      3   40.00 %"));
  CHECK_THAT(row_with(R"({"monitor":"val_balanced_accuracy"})"),
             ContainsSubstring("50.00 %      2   60.00 %"));
  // Without a readable recipe the score is the accuracy.
  for (const char* config :
       {R"({"monitor":"val_accuracy"})", "{}", R"({"monitor":3})", "{", "[]"}) {
    CAPTURE(config);
    CHECK_THAT(row_with(config), ContainsSubstring("60.00 %      1   50.00 %"));
  }
}

TEST_CASE("runs of the same name are told apart by the folders they are in", "[commands][unit]") {
  const TemporaryFolder runs;
  const std::string x = make_run(runs / "x" / "run-1", {Scores{}});
  const std::string y = make_run(runs / "y" / "run-1", {Scores{}});
  const std::string z = make_run(runs / "y" / "run-2", {Scores{}});
  using Names = std::vector<std::string>;
  CHECK(names_in(compared_lines({x, y, z})) == Names{"x/run-1", "y/run-1", "run-2"});
  CHECK(names_in(compared_lines({x + "/", z})) == Names{"run-1", "run-2"});
}

TEST_CASE("columns that a later version adds to results do not matter", "[commands][unit]") {
  const TemporaryFolder runs;
  write_file(runs / "a-1" / "results.csv",
             "note,images_per_second,seconds,val_balanced_accuracy,val_accuracy,val_loss,epoch\n"
             "warm up,100,60,0.25,0.5,1.5,1\n");
  CHECK_THAT(compared_lines({(runs / "a-1").string()})[1], ContainsSubstring("50.00 %"));
}

TEST_CASE("a run that diverged from the start is shown without scores", "[commands][unit]") {
  const TemporaryFolder runs;
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::string a = make_run(runs / "a-1", {{none, none, none, 60.0, 100.0}});
  const std::vector<std::string> lines = compared_lines({a});
  CHECK_THAT(lines[1], ContainsSubstring("–") && ContainsSubstring("1 min 00 s"));
  CHECK(lines[1].starts_with("  a-1"));  // and no star
}

TEST_CASE("a comparison is drawn where a figure is asked for", "[commands][unit]") {
  const TemporaryFolder runs;
  const std::string a = make_run(runs / "a-1", {{0.5}, {0.6}});
  RecordingConsole console;
  CHECK(compare_runs({a}, (runs / "out.svg").string(), console) == 0);
  const std::string svg = read_file(runs / "out.svg", 1u << 20);
  CHECK_THAT(svg, ContainsSubstring("best 60.00 % at epoch 2"));
  CHECK_THAT(svg, ContainsSubstring("thin: training"));
  if (!report::can_render_svg()) FER_SKIP("this build writes no PNG");
  compare_runs({a}, (runs / "out.png").string(), console);
  CHECK(test::png_size(runs / "out.png").width > 1000);
}

TEST_CASE("what cannot be compared is reported before anything is printed", "[commands][unit]") {
  const TemporaryFolder runs;
  const std::string a = make_run(runs / "a-1", {Scores{}});
  fails({}, "", "at least one run folder");
  fails({a, (runs / "none").string()}, "", (runs / "none" / "results.csv").string());
  fails({a, (runs / "." / "a-1").string() + "/"}, "", "is given twice");
  fails({a}, (runs / "out.jpg").string(), ".svg or .png");
  write_file(runs / "b-1" / "results.csv", "epoch,val_accuracy\n1,0.5\n");
  fails({a, (runs / "b-1").string()}, "", "no column 'val_loss'");
  write_file(runs / "c-1" / "results.csv", "epoch,val_accuracy\n1,0.5\n3,0.5\n");
  fails({(runs / "c-1").string()}, "", "line 3, column 'epoch': 3 where 2 should follow");
}

TEST_CASE("more runs than one figure can tell apart are compared without it", "[commands][unit]") {
  const TemporaryFolder runs;
  std::vector<std::string> folders;
  for (int i = 1; i <= 13; ++i) {
    folders.push_back(make_run(runs / ("a-" + std::to_string(i)), {Scores{}}));
  }
  CHECK(compared_lines(folders).size() == 14);
  fails(folders, (runs / "out.svg").string(), "at most 12");
  CHECK_FALSE(std::filesystem::exists(runs / "out.svg"));
}

}  // namespace
}  // namespace fer::commands
