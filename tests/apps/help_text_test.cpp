// What --help and --help-all print.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "apps/process.h"
#include "fer/core/display_text.h"
#include "support/catch.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::all_commands;
using test::lines_of;
using test::Outcome;
using test::run;

std::string help_of(const std::vector<std::string>& command, const std::string& flag,
                    int columns = 100) {
  std::vector<std::string> words = {"COLUMNS=" + std::to_string(columns),
                                    (test::program_folder() / command.front()).string()};
  words.insert(words.end(), command.begin() + 1, command.end());
  words.push_back(flag);
  const Outcome outcome = run("/usr/bin/env", words, ".");
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "");
  return outcome.out;
}

std::string text_without_wrapping(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::string joined;
  for (const char c : text) {
    if (c != ' ' || joined.empty() || joined.back() != ' ') joined += c;
  }
  return joined;
}

TEST_CASE("The flag --help shows usage, an example, the first options and where all are",
          "[apps][integration]") {
  for (const std::vector<std::string>& command : all_commands()) {
    CAPTURE(command);
    std::string call = command[0];
    if (command.size() > 1) call += " " + command[1];
    const std::string help = help_of(command, "--help");
    CHECK_THAT(help, ContainsSubstring("\nUsage: " + call + " [OPTION...]"));
    CHECK_THAT(help, ContainsSubstring("\nExample"));
    CHECK_THAT(help, ContainsSubstring("\n  " + call));
    CHECK_THAT(help, ContainsSubstring("--config FILE"));
    CHECK_THAT(text_without_wrapping(help), ContainsSubstring(call + " --help-all shows all "));
    CHECK(lines_of(help).size() <= 50);
  }
}

TEST_CASE("The flag --help-all shows the options of every group", "[apps][integration]") {
  const std::vector<std::string> general = {"--help", "--help-all", "--config", "--log-level",
                                            "--quiet"};
  struct Help {
    std::vector<std::string> command;
    std::vector<std::string> groups;
    std::vector<std::string> flags;
    std::string read = {};  // those of --device, --threads and --seed that have an effect
  };
  std::vector<Help> helps = {
      {{"fer-train"},
       {"Data", "Network", "Optimiser", "Schedule", "Loss", "Augmentation", "Run",
        "Instead of training"},
       {"--data", "--val-fraction", "--arch", "--lr", "--schedule", "--loss", "--rotation",
        "--no-flip", "--epochs", "--resume", "--list-archs", "--version"},
       "--device --threads --seed"},
      {{"fer-eval"},
       {"Model", "Data", "Evaluation", "Calibration", "Output"},
       {"--model", "--data", "--split", "--calibrate", "--json", "--version"},
       "--device --threads --seed"},
      {{"fer-data", "check"},
       {"Data", "Output"},
       {"--data", "--unknown-classes", "--json"},
       "--threads --seed"},
      {{"fer-data", "synth"}, {"Output"}, {"--output", "--count", "--sheet"}, "--threads"},
      {{"fer-data", "pack"}, {"Data", "Output"}, {"--data", "--output"}, "--threads --seed"},
      {{"fer-model", "describe"}, {"Model", "Output"}, {"[OPTION...] [MODEL]\n", "--json"}},
      {{"fer-model", "calibrate"},
       {"Model", "Data", "Calibration", "Output"},
       {"[OPTION...] MODEL\n", "--data", "--split", "--to", "--output", "--store"},
       "--device --threads"},
      {{"fer-model", "export"},
       {"Model", "Output"},
       {"[OPTION...] MODEL...\n", "--weights WEIGHTS", "--format", "--raw", "--store", "--output"}},
  };
  if (FER_WITH_VISION) {
    helps.push_back({{"fer-predict"},
                     {"Input", "Model", "Finding faces", "Videos and cameras", "Output"},
                     {"SOURCE...", "--model", "--detector", "--every", "--format", "--version"},
                     "--threads"});
  }
  if (FER_WITH_SERVE) {
    helps.push_back({{"fer-serve"},
                     {"Network", "Model", "Finding faces", "Limits", "Times"},
                     {"--address", "--token-file", "--model", "--queue", "--drain", "--version"},
                     "--threads"});
  }
  for (const Help& help : helps) {
    CAPTURE(help.command);
    const std::string text = help_of(help.command, "--help-all");
    CHECK_THAT(text, ContainsSubstring("\nGeneral:\n"));
    for (const std::string& group : help.groups) {
      CHECK_THAT(text, ContainsSubstring("\n" + group + ":\n"));
    }
    for (const std::string& flag : general) CHECK_THAT(text, ContainsSubstring("\n  " + flag));
    for (const std::string flag : {"--device", "--threads", "--seed"}) {
      CAPTURE(flag);
      const bool is_read = help.read.find(flag) != std::string::npos;
      CHECK((text.find("\n  " + flag) != std::string::npos) == is_read);
    }
    for (const std::string& flag : help.flags) CHECK_THAT(text, ContainsSubstring(flag));
  }
}

TEST_CASE("Help says defaults, ranges, choices and what an option needs", "[apps][integration]") {
  const std::string help = text_without_wrapping(help_of({"fer-train"}, "--help-all"));
  for (const char* part :
       {"--epochs N", "[default 50, 1 to 100,000]", "[default 10, 0 to 180 degrees]",
        "--optimizer adam|adamw|sgd", "[default adam]", "one of val_accuracy, val_loss,",
        "[only with --loss focal, default 2, 0 to 10]", "--flip, --no-flip", "--output FOLDER"}) {
    CHECK_THAT(help, ContainsSubstring(part));
  }
  // A flag is shown in the form that changes something.
  CHECK_THAT(help, !ContainsSubstring("--no-quiet"));
}

TEST_CASE("Help is as wide as the terminal, and 100 columns at most", "[apps][integration]") {
  const auto widest = [](const std::string& help) {
    std::size_t columns = 0;
    for (const std::string& line : lines_of(help)) columns = std::max(columns, column_width(line));
    return columns;
  };
  for (const std::vector<std::string>& command : all_commands()) {
    CAPTURE(command);
    for (const char* flag : {"--help", "--help-all"}) {
      CHECK(widest(help_of(command, flag, 72)) <= 72);
      CHECK(widest(help_of(command, flag, 300)) <= 100);
    }
  }
  CHECK(widest(help_of({"fer-train"}, "--help-all", 300)) > 90);
}

TEST_CASE("The help of a program with commands names them", "[apps][integration]") {
  const std::string help = help_of({"fer-data"}, "--help");
  CHECK_THAT(help, ContainsSubstring("Usage: fer-data COMMAND [OPTION...]"));
  for (const char* name : {"\n  check ", "\n  synth ", "\n  pack ", "\n  export "}) {
    CHECK_THAT(help, ContainsSubstring(name));
  }
  CHECK(help_of({"fer-data"}, "--help-all") == help);
}

}  // namespace
}  // namespace fer
