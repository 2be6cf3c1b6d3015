// The programs as a whole, as docs/cli.md promises.
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/process.h"
#include "data/csv_fixtures.h"
#include "fer/core/files.h"
#include "fer/report/svg_png.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;
using test::check_failure;
using test::csv_of;
using test::lines_of;
using test::Outcome;
using test::pixel_text;
using test::Process;
using test::run;
using test::save;
using test::TemporaryFolder;

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

TEST_CASE("fer-train leaves a run folder and ends with path and score", "[apps][integration]") {
  const TemporaryFolder folder;
  const Outcome outcome = run("fer-train", training({"--epochs", "1"}), folder.path());
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  for (const char* name :
       {"config.json", "results.csv", "best.safetensors", "last.ckpt", "log.txt", "curves.svg"}) {
    CHECK(fs::is_regular_file(folder / ("runs/seed-cnn-1/" + std::string(name))));
  }
  CHECK(fs::exists(folder / "runs/seed-cnn-1/curves.png") == report::can_render_svg());

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

TEST_CASE("The flag --quiet leaves stderr empty and the result on stdout", "[apps][integration]") {
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
  CHECK(config.at("patience") == -1);  // default
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

  // Data and batch size come from the run's config.json, although --config changes other options.
  save(folder / "shorter.json", R"({"epochs": 1, "no_such": 1})");
  CHECK_THAT(
      run("fer-train", {"--resume", "runs/seed-cnn-1", "--config", "shorter.json"}, folder.path())
          .err,
      ContainsSubstring("\"no_such\" in "));
  save(folder / "shorter.json", R"({"epochs": 1})");
  const Outcome resumed =
      run("fer-train", {"--resume", "runs/seed-cnn-1", "--config", "shorter.json"}, folder.path());
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
      "fer-eval: error: some.csv: has no split 'test'; it has: train (7), val (7); choose one with "
      "--split");
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

TEST_CASE("fer-model describes a run's model and halves its file", "[apps][integration]") {
  const TemporaryFolder folder;
  train_briefly(folder);
  const Outcome described =
      run("fer-model", {"describe", "runs/seed-cnn-1", "--json", "-"}, folder.path());
  INFO(described.err);
  REQUIRE(described.code == 0);
  const json facts = json::parse(described.out);
  CHECK(facts.at("training").at("recipe").at("batch_size") == 16);
  CHECK(facts.at("weights") == "float32");
  const Outcome converted =
      run("fer-model", {"convert", kModel, "--to", "float16", "--output", "half.safetensors"},
          folder.path());
  CHECK(converted.code == 0);
  CHECK(converted.out == "half.safetensors\n");
  CHECK_THAT(converted.err, ContainsSubstring(" % smaller than "));
  CHECK(fs::file_size(folder / "half.safetensors") < fs::file_size(folder / kModel) * 6 / 10);
  check_failure(
      run("fer-model", {"convert", kModel, "--output", "half.safetensors"}, folder.path()), 1,
      "fer-model: error: --output half.safetensors: already exists; nothing is "
      "overwritten");
}

TEST_CASE("fer-model lists the released models with a star at the default", "[apps][integration]") {
  const Outcome listed = run("fer-model", {"list"}, ".");
  CHECK(listed.code == 0);
  CHECK_THAT(listed.out, ContainsSubstring("\n* nano ") && ContainsSubstring("\n  small "));
}

#if FER_WITH_VISION

TEST_CASE("fer-predict gives a face seven probabilities that sum to 1", "[apps][integration]") {
  const TemporaryFolder folder;
  train_briefly(folder);
  REQUIRE(run("fer-data", {"synth", "--count", "7", "--output", "faces"}, folder.path()).code == 0);
  const Outcome outcome =
      run("fer-predict",
          {"--model", kModel, "--detector", "none", "--format", "jsonl", "faces/happy/000003.png"},
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
