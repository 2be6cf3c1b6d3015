// What docs/cli.md promises of every program, seen from outside.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "apps/process.h"
#include "data/csv_fixtures.h"
#include "fer/core/files.h"
#include "fer/report/png.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;
using nlohmann::json;
using test::csv_of;
using test::Outcome;
using test::pixel_text;
using test::Process;
using test::run;
using test::save;
using test::TemporaryFolder;

std::vector<std::string> all_programs() {
  std::vector<std::string> programs = {"fer-train", "fer-eval", "fer-data"};
  if (FER_WITH_VISION) programs.emplace_back("fer-predict");
  return programs;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

json json_file(const fs::path& path) { return json::parse(read_file(path, 1 << 20)); }

// 280 training faces in 18 steps an epoch.
std::vector<std::string> training(const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"--data", "synthetic:350", "--device", "cpu", "--threads",
                                    "1",      "--batch-size",  "16"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Trains for an epoch in `folder`, which leaves runs/seed-cnn-1.
void train_briefly(const TemporaryFolder& folder) {
  const Outcome trained = run("fer-train", training({"--epochs", "1"}), folder.path());
  INFO(trained.err);
  REQUIRE(trained.code == 0);
}

constexpr const char* kModel = "runs/seed-cnn-1/best.safetensors";

void check_failure(const Outcome& outcome, int code, const std::string& message) {
  CHECK(outcome.code == code);
  CHECK(outcome.out == "");
  CHECK(outcome.err == message + "\n");
}

TEST_CASE("--help names every flag on stdout", "[apps][integration]") {
  const std::vector<std::string> common = {"--help",    "--version", "--config",    "--device",
                                           "--threads", "--seed",    "--log-level", "--quiet"};
  const std::vector<std::string> data = {"--data", "--unknown-classes", "--val-fraction",
                                         "--split-seed"};
  struct Help {
    std::vector<std::string> call;
    std::vector<std::string> flags;
    bool takes_data;
  };
  std::vector<Help> helps = {
      {{"fer-train"},
       {"--arch", "--epochs", "--batch-size", "--lr", "--patience", "--monitor", "--rotation",
        "--flip", "--no-flip", "--output", "--name", "--resume", "--contact-sheet", "--list-archs"},
       true},
      {{"fer-eval"},
       {"--model", "--split", "--batch-size", "--json", "--figure", "--predictions"},
       true},
      {{"fer-data", "check"}, {"--json"}, true},
      {{"fer-data", "synth"}, {"--output", "--count", "--sheet"}, false},
  };
  if (FER_WITH_VISION) {
    helps.push_back({{"fer-predict"},
                     {"sources", "--model", "--detector", "--detector-model", "--format",
                      "--output", "--every", "--batch-size", "--top"},
                     false});
  }
  for (const Help& help : helps) {
    CAPTURE(help.call);
    std::vector<std::string> words(help.call.begin() + 1, help.call.end());
    words.emplace_back("--help");
    const Outcome outcome = run(help.call.front(), words, ".");
    CHECK(outcome.code == 0);
    CHECK(outcome.err == "");
    for (const std::string& flag : help.flags) CHECK_THAT(outcome.out, ContainsSubstring(flag));
    for (const std::string& flag : common) {
      if (flag == "--version" && help.call.size() > 1) continue;  // the program's, above it
      CHECK_THAT(outcome.out, ContainsSubstring(flag));
    }
    if (!help.takes_data) continue;
    for (const std::string& flag : data) CHECK_THAT(outcome.out, ContainsSubstring(flag));
  }
}

TEST_CASE("--help tells defaults and ranges", "[apps][integration]") {
  const std::string help = run("fer-train", {"--help"}, ".").out;
  CHECK_THAT(help, ContainsSubstring("default 50; 1 to 100000"));
  CHECK_THAT(help, ContainsSubstring("default 10; 0 to 180 degrees"));
  CHECK_THAT(help, ContainsSubstring("val_accuracy, val_loss, val_balanced_accuracy"));
}

TEST_CASE("--version names the program, LibTorch, OpenCV, build type and CPU",
          "[apps][integration]") {
  for (const std::string& program : all_programs()) {
    const Outcome outcome = run(program, {"--version"}, ".");
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, StartsWith(program + " "));
    for (const char* part : {"(LibTorch 2.", "OpenCV", ", CPU "}) {
      CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
  }
}

TEST_CASE("A wrong command line exits 2 and says what was wrong on stderr", "[apps][integration]") {
  for (const std::string& program : all_programs()) {
    CAPTURE(program);
    const Outcome outcome = run(program, {"--bogus"}, ".");
    CHECK(outcome.code == 2);
    CHECK(outcome.out == "");
    CHECK_THAT(outcome.err, ContainsSubstring(program == "fer-data" ? "" : "--bogus"));
  }
  CHECK(run("fer-data", {}, ".").code == 2);
  CHECK(run("fer-train", {"--epochs"}, ".").code == 2);
  CHECK(run("fer-train", {"stray"}, ".").code == 2);
}

TEST_CASE("A flag's value out of bounds exits 2 and names flag, value and what is allowed",
          "[apps][integration]") {
  check_failure(run("fer-train", {"--epochs", "0"}, "."), 2,
                "fer-train: error: --epochs: 0 is not allowed; allowed: 1 to 100000");
  check_failure(
      run("fer-train", {"--batch-size", "many"}, "."), 2,
      "fer-train: error: --batch-size: 'many' is not a whole number; allowed: 1 to 65536");
  check_failure(
      run("fer-train", {"--monitor", "loss"}, "."), 2,
      "fer-train: error: --monitor: 'loss' is not known; allowed: val_accuracy, val_loss, "
      "val_balanced_accuracy");
  check_failure(run("fer-eval", {"--split", "tests"}, "."), 2,
                "fer-eval: error: --split: 'tests' is not known; allowed: train, val, test, all");
}

TEST_CASE("A config with an unknown key or a bad value exits 1 and names it",
          "[apps][integration]") {
  const TemporaryFolder folder;
  const auto train_with = [&](const std::string& config) {
    save(folder / "c.json", config);
    return run("fer-train", {"--config", "c.json"}, folder.path());
  };
  check_failure(train_with(R"({"epoch": 3})"), 1,
                "fer-train: error: c.json: unknown key 'epoch'; did you mean 'epochs'?");
  check_failure(train_with(R"({"epochs": 0})"), 1,
                "fer-train: error: c.json: key 'epochs': 0 is not allowed; allowed: 1 to 100000");
  for (const std::string broken : {"{\"lr\": ", "{\"lr\": 1e999}", "{\"name\": \"\xff\"}", ""}) {
    CAPTURE(broken);
    const Outcome outcome = train_with(broken);
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, StartsWith("fer-train: error: c.json: is not valid JSON: "));
    CHECK(lines_of(outcome.err).size() == 1);
  }
  const Outcome missing = run("fer-train", {"--config", "none.json"}, folder.path());
  CHECK(missing.code == 1);
  CHECK_THAT(missing.err, StartsWith("fer-train: error: none.json: cannot be read"));
}

TEST_CASE("Without data a program exits 1 and says how to get it", "[apps][integration]") {
  const TemporaryFolder folder;
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"fer-train"}, {"fer-data", "check"}}) {
    const Outcome outcome = run(words[0], {words.begin() + 1, words.end()}, folder.path());
    CHECK(outcome.code == 1);
    CHECK(outcome.out == "");
    CHECK_THAT(outcome.err, StartsWith(words[0] + ": error: no data: pass --data, or put FER2013"));
    CHECK(lines_of(outcome.err).size() == 1);
  }
  check_failure(run("fer-data", {"check", "--data", "none.csv"}, folder.path()), 1,
                "fer-data: error: --data 'none.csv': there is no such file or folder; allowed: "
                "synthetic or synthetic:N; a folder train|val|test/CLASS/* or CLASS/*; a CSV file "
                "with the columns emotion, pixels and Usage");
}

TEST_CASE("Every mistake in a CSV exits 1 with one line that names its place",
          "[apps][integration]") {
  const std::string pixels = pixel_text(0);
  const std::string header = test::kHeader;
  const std::string levels_2303 = pixel_text(std::vector<int>(2303, 9));
  const std::string cut = " (the file ends in this row: is it cut off?)";
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {header + "3,256" + pixels.substr(pixels.find(' ')) + ",Training\n",
       "bad.csv:2: column 'pixels': value '256' (number 1) is not a grey level; allowed: 0 to 255"},
      {header + "3," + levels_2303 + ",Training\n",
       "bad.csv:2: column 'pixels': has 2303 values; allowed: exactly 2304 (48 x 48)"},
      {header + "3," + pixels + " 9,Training\n",
       "bad.csv:2: column 'pixels': has 2305 values; allowed: exactly 2304 (48 x 48)"},
      {csv_of(2) + "7," + pixels + ",Training\n",
       "bad.csv:4: column 'emotion': value '7' is not a class; allowed: 0 to 6"},
      {"", "bad.csv: is empty; a CSV with the columns emotion, pixels and Usage is expected"},
      {header + "3," + levels_2303,
       "bad.csv:2: column 'pixels': has 2303 values; allowed: exactly 2304 (48 x 48)" + cut},
      {header + "3," + pixels + ",Train",
       "bad.csv:2: column 'Usage': value 'Train' is not a split; allowed: Training, PublicTest, "
       "PrivateTest" +
           cut},
      {"emotion,Usage\n3,Training\n",
       "bad.csv:1: the header has no column 'pixels'; it has 'emotion', 'usage'; needed: emotion, "
       "pixels and, if there are splits, Usage"},
  };
  const TemporaryFolder folder;
  for (const auto& [content, message] : mistakes) {
    save(folder / "bad.csv", content);
    check_failure(run("fer-data", {"check", "--data", "bad.csv"}, folder.path()), 1,
                  "fer-data: error: " + message);
  }
  CHECK(run("fer-train", {"--data", "bad.csv"}, folder.path()).code == 1);
  CHECK_FALSE(fs::exists(folder / "runs"));
}

TEST_CASE("fer-train leaves a run folder and ends with path and score", "[apps][integration]") {
  const TemporaryFolder folder;
  const Outcome outcome = run("fer-train", training({"--epochs", "1"}), folder.path());
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  for (const char* name :
       {"config.json", "results.csv", "best.safetensors", "last.ckpt", "log.txt", "curves.svg"}) {
    CHECK(fs::is_regular_file(folder / ("runs/seed-cnn-1/" + std::string(name))));
  }
  CHECK(fs::exists(folder / "runs/seed-cnn-1/curves.png") == can_write_png());

  const std::vector<std::string> rows =
      lines_of(read_file(folder / "runs/seed-cnn-1/results.csv", 10'000));
  REQUIRE(rows.size() == 2);  // the header and an epoch
  CHECK_THAT(rows[0], StartsWith("epoch,train_loss,"));
  CHECK_THAT(rows[1], StartsWith("1,"));

  REQUIRE_FALSE(outcome.out.empty());
  const std::string last = lines_of(outcome.out).back();
  CHECK_THAT(last, StartsWith(std::string(kModel) + " val_accuracy 0."));
  CHECK_THAT(last, Catch::Matchers::EndsWith(" epoch 1"));
}

TEST_CASE("A second run gets a folder of its own and leaves the first alone",
          "[apps][integration]") {
  const TemporaryFolder folder;
  train_briefly(folder);
  const std::string before = read_file(folder / kModel, 10u << 20);
  const Outcome second =
      run("fer-train", training({"--epochs", "1", "--seed", "1"}), folder.path());
  CHECK(second.code == 0);
  CHECK_THAT(second.out, StartsWith("runs/seed-cnn-2/best.safetensors "));
  CHECK(read_file(folder / kModel, 10u << 20) == before);
}

TEST_CASE("--quiet leaves stderr empty and the result on stdout", "[apps][integration]") {
  const TemporaryFolder folder;
  const Outcome outcome = run("fer-train", training({"--epochs", "1", "--quiet"}), folder.path());
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "");
  CHECK(lines_of(outcome.out).size() == 1);
}

TEST_CASE("The command line goes before the config, and the config before the defaults",
          "[apps][integration]") {
  const TemporaryFolder folder;
  save(folder / "recipe.json", R"({"epochs": 1, "rotation": 5, "lr": 0.01, "flip": false})");
  const Outcome outcome =
      run("fer-train", training({"--config", "recipe.json", "--lr", "0.002"}), folder.path());
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const json config = json_file(folder / "runs/seed-cnn-1/config.json");
  CHECK(config.at("lr") == 0.002);      // command line, over the config's
  CHECK(config.at("rotation") == 5.0);  // config, over the default
  CHECK(config.at("flip") == false);
  CHECK(config.at("patience") == 10);  // default
  CHECK_FALSE(config.contains("config"));
  CHECK_FALSE(config.contains("output"));

  // The run's own config, passed back, gives the same recipe.
  const Outcome again =
      run("fer-train", {"--config", "runs/seed-cnn-1/config.json"}, folder.path());
  REQUIRE(again.code == 0);
  CHECK(json_file(folder / "runs/seed-cnn-2/config.json") == config);
}

TEST_CASE("fer-train that is interrupted saves and exits 130, and --resume finishes",
          "[apps][integration]") {
  const TemporaryFolder folder;
  Process process("fer-train", training({"--epochs", "10000", "--patience", "0"}), folder.path());
  REQUIRE(process.wait_until_said("run folder runs/seed-cnn-1"));
  process.send(SIGINT);
  const Outcome interrupted = process.finish();
  CHECK(interrupted.code == 130);
  CHECK(interrupted.out == "");
  CHECK_THAT(interrupted.err, ContainsSubstring("fer-train --resume runs/seed-cnn-1"));
  REQUIRE(fs::exists(folder / "runs/seed-cnn-1/last.ckpt"));

  // Data and batch size come from the run's config.json.
  const Outcome resumed =
      run("fer-train", {"--resume", "runs/seed-cnn-1", "--epochs", "1"}, folder.path());
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK_THAT(resumed.err, ContainsSubstring("resumed with another 'epochs': 10000 before, 1 now"));
  CHECK_THAT(resumed.out, StartsWith(std::string(kModel) + " val_accuracy 0."));
  CHECK(lines_of(read_file(folder / "runs/seed-cnn-1/results.csv", 1 << 20)).size() >= 2);
  CHECK_FALSE(fs::exists(folder / "runs/seed-cnn-2"));
}

TEST_CASE("fer-eval --json - prints JSON alone, with the promised keys", "[apps][integration]") {
  const TemporaryFolder folder;
  train_briefly(folder);
  const Outcome outcome =
      run("fer-eval", {"--model", kModel, "--data", "synthetic:350", "--json", "-"}, folder.path());
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const json result = json::parse(outcome.out);  // throws at anything beside the JSON
  for (const char* key :
       {"accuracy", "accuracy_ci95", "balanced_accuracy", "macro_f1", "nll", "ece", "n", "split",
        "labels", "confusion", "per_class", "model", "data", "seconds"}) {
    CAPTURE(key);
    CHECK(result.contains(key));
  }
  CHECK(result.at("n") == 35);
  CHECK(result.at("split") == "test");
  CHECK(result.at("data") == "synthetic:350");
  CHECK(result.at("per_class").at("happy").at("support") == 5);
}

TEST_CASE("fer-eval prints a table for people on stdout and no colour codes into a file",
          "[apps][integration]") {
  const TemporaryFolder folder;
  train_briefly(folder);
  const Outcome outcome =
      run("fer-eval", {"--model", "runs/seed-cnn-1", "--data", "synthetic:350", "--split", "val"},
          folder.path());
  REQUIRE(outcome.code == 0);
  for (const char* part : {"accuracy", "precision", "recall", "surprise"}) {
    CHECK_THAT(outcome.out, ContainsSubstring(part));
  }
  CHECK(outcome.out.find('\x1b') == std::string::npos);
}

TEST_CASE("Asking fer-eval for a split that is not there names those that are and exits 1",
          "[apps][integration]") {
  const TemporaryFolder folder;
  train_briefly(folder);
  std::string training_rows = test::kHeader;
  for (std::uint64_t i = 0; i < 14; ++i) {
    training_rows += std::to_string(i % 7) + "," + pixel_text(i) + ",Training\n";
  }
  save(folder / "some.csv", training_rows);
  check_failure(
      run("fer-eval", {"--model", kModel, "--data", "some.csv", "--quiet"}, folder.path()), 1,
      "fer-eval: error: some.csv: has no split 'test'; it has: train (7), val (7)");
}

TEST_CASE("fer-data check tells people and machines the same", "[apps][integration]") {
  const TemporaryFolder folder;
  save(folder / "a.csv", csv_of(6) + test::csv_row(3));
  const Outcome table = run("fer-data", {"check", "--data", "a.csv"}, folder.path());
  CHECK(table.code == 0);
  CHECK_THAT(table.out, ContainsSubstring("2  images have an exact duplicate"));
  const Outcome machine =
      run("fer-data", {"check", "--data", "a.csv", "--json", "-"}, folder.path());
  CHECK(json::parse(machine.out).at("duplicate_images") == 2);
}

#if FER_WITH_VISION

TEST_CASE("fer-predict gives a face seven probabilities that sum to 1", "[apps][integration]") {
  if (!can_write_png()) FER_SKIP("this build writes no PNG");
  const TemporaryFolder folder;
  train_briefly(folder);
  REQUIRE(run("fer-data", {"synth", "--count", "7", "--output", "faces"}, folder.path()).code == 0);
  const Outcome outcome =
      run("fer-predict",
          {"faces/happy/000003.png", "--model", kModel, "--detector", "none", "--format", "jsonl"},
          folder.path());
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  REQUIRE(lines_of(outcome.out).size() == 1);
  const json line = json::parse(outcome.out);
  CHECK(line.at("source") == "faces/happy/000003.png");
  REQUIRE(line.at("faces").size() == 1);
  const json& face = line.at("faces")[0];
  CHECK(face.at("box") == json::array({0, 0, 48, 48}));
  REQUIRE(face.at("probabilities").size() == 7);
  double sum = 0;
  for (const auto& [label, probability] : face.at("probabilities").items()) {
    CHECK(probability.get<double>() >= 0);
    sum += probability.get<double>();
  }
  CHECK(std::abs(sum - 1) < 1e-6);
  CHECK(face.at("probabilities").at(face.at("label").get<std::string>()) == face.at("probability"));
}

TEST_CASE("fer-predict goes on after an unreadable file and exits 1 at the end",
          "[apps][integration]") {
  if (!can_write_png()) FER_SKIP("this build writes no PNG");
  const TemporaryFolder folder;
  train_briefly(folder);
  REQUIRE(run("fer-data", {"synth", "--count", "1", "--output", "faces"}, folder.path()).code == 0);
  save(folder / "broken.png", "no picture");
  const Outcome outcome = run("fer-predict",
                              {"broken.png", "faces/angry/000000.png", "--model", kModel,
                               "--detector", "none", "--format", "jsonl"},
                              folder.path());
  CHECK(outcome.code == 1);
  const std::vector<std::string> lines = lines_of(outcome.out);
  REQUIRE(lines.size() == 2);
  CHECK_THAT(json::parse(lines[0]).at("error").get<std::string>(), ContainsSubstring("broken.png"));
  CHECK(json::parse(lines[1]).at("faces").size() == 1);
}

#endif

}  // namespace
}  // namespace fer
