#include "fer/commands/eval_command.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fer/commands/train_command.h"
#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/files.h"
#include "fer/data/synthetic_set.h"
#include "fer/report/svg_png.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/png_size.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using nlohmann::json;
using test::RecordingConsole;
using test::TemporaryFolder;

// An untrained model on 70 synthetic faces: 56, 7 and 7.
EvalCommandOptions tiny_options(const TemporaryFolder& folder) {
  at::set_num_threads(1);
  EvalCommandOptions options;
  options.common.threads = 1;
  options.common.device = "cpu";
  options.data.data = {"synthetic:70"};
  options.model = {folder / "m.safetensors"};
  nn::save_model(options.model.front(), test::fresh_model());
  return options;
}

json evaluated(EvalCommandOptions options) {
  options.json = "-";
  RecordingConsole console;
  REQUIRE(run_eval(options, console) == 0);
  return json::parse(console.output.str());  // the JSON alone: anything else would not parse
}

TEST_CASE("fer-eval's JSON has the promised keys", "[commands][integration]") {
  const TemporaryFolder folder;
  EvalCommandOptions options = tiny_options(folder);
  const json result = evaluated(options);
  for (const char* key :
       {"accuracy", "accuracy_ci95", "balanced_accuracy", "macro_f1", "nll", "ece", "n", "split",
        "labels", "confusion", "per_class", "model", "data", "seconds"}) {
    CAPTURE(key);
    CHECK(result.contains(key));
  }
  CHECK(result.at("n") == 7);
  CHECK(result.at("split") == "test");
  CHECK(result.at("labels") == json(LabelSet::fer2013().names()));
  CHECK(result.at("model") == options.model.front());
  CHECK(result.at("data") == "synthetic:70");
  CHECK(result.at("seconds").get<double>() > 0.0);
  CHECK(result.at("accuracy_ci95").size() == 2);
  for (const std::string& label : LabelSet::fer2013().names()) {
    for (const char* key : {"precision", "recall", "f1", "support"}) {
      CHECK(result.at("per_class").at(label).contains(key));
    }
  }
}

TEST_CASE("each split is evaluated by itself, and all of them together",
          "[commands][integration]") {
  const TemporaryFolder folder;
  EvalCommandOptions options = tiny_options(folder);
  std::int64_t images = 0;
  for (const auto split :
       {eval::EvaluatedSplit::train, eval::EvaluatedSplit::val, eval::EvaluatedSplit::test}) {
    options.split = split;
    images += evaluated(options).at("n").get<std::int64_t>();
  }
  options.split = eval::EvaluatedSplit::all;
  CHECK(evaluated(options).at("n") == images);
  CHECK(images == 70);
}

TEST_CASE("fer-eval on the validation images gives training's number to the last digit",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions training;
  training.common.threads = 1;
  training.common.device = "cpu";
  training.data.data = {"synthetic:350"};
  training.train.epochs = 3;
  training.output = folder / "runs";
  RecordingConsole console;
  EvalCommandOptions options = tiny_options(folder);
  REQUIRE(run_train(training, console) == 0);
  options.data = training.data;
  options.model = {folder / "runs" / "seed-cnn-1"};  // a run folder is its best model
  options.split = eval::EvaluatedSplit::val;
  const json result = evaluated(options);
  const model::TrainingSummary kept =
      nn::load_model(folder / "runs/seed-cnn-1/best.safetensors").info.training;
  CHECK(result.at("n") == 35);
  CHECK(result.at("accuracy").get<double>() == kept.val_accuracy);
}

TEST_CASE("fer-eval holds out of a set without splits what the model's training held out",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const data::FaceSet faces = data::make_synthetic_set(140, 1);
  std::string csv = "emotion,pixels\n";
  for (std::int64_t i = 0; i < faces.size(); ++i) {
    csv += std::to_string(faces.labels[i].item<std::int64_t>()) + ",";
    const auto* levels = faces.images.all()[i].data_ptr<std::uint8_t>();
    for (std::size_t p = 0; p < kFacePixels; ++p)
      csv += (p > 0 ? " " : "") + std::to_string(levels[p]);
    csv += '\n';
  }
  write_file(folder / "own.csv", csv);
  TrainCommandOptions training;
  training.common.threads = 1;
  training.common.device = "cpu";
  training.data.data = {folder / "own.csv"};
  training.data.split_seed = 7;
  training.data.val_fraction = 0.2;
  training.train.epochs = 2;
  training.output = folder / "runs";
  RecordingConsole console;
  REQUIRE(run_train(training, console) == 0);

  EvalCommandOptions options = tiny_options(folder);
  options.data.data = training.data.data;  // nothing said of the seed
  options.model = {folder / "runs" / "seed-cnn-1"};
  options.split = eval::EvaluatedSplit::val;
  options.json = folder / "r.json";
  RecordingConsole told;
  REQUIRE(run_eval(options, told) == 0);
  CHECK_THAT(told.notices, ContainsSubstring("split_seed 7"));
  const json result = json::parse(read_file(options.json, 1 << 20));
  CHECK(result.at("n") == 28);
  CHECK(result.at("accuracy").get<double>() ==
        nn::load_model(folder / "runs/seed-cnn-1/best.safetensors").info.training.val_accuracy);

  options.split = eval::EvaluatedSplit::all;
  REQUIRE(run_eval(options, told) == 0);
  CHECK_THAT(told.warnings, ContainsSubstring("was trained on images of \"split\" all"));
}

TEST_CASE("without --json fer-eval prints what a person reads", "[commands][integration]") {
  const TemporaryFolder folder;
  EvalCommandOptions options = tiny_options(folder);
  options.json = folder / "result.json";
  RecordingConsole console;
  REQUIRE(run_eval(options, console) == 0);
  const json result = json::parse(read_file(options.json, 1u << 20));
  const std::string text = console.output.str();
  CHECK_THAT(text, ContainsSubstring("accuracy"));
  for (const std::string& label : LabelSet::fer2013().names()) {
    CHECK_THAT(text, ContainsSubstring(label));
  }
  CHECK(result.at("n") == 7);
  CHECK_THAT(console.notices, ContainsSubstring("split test"));
}

TEST_CASE("The flag --predictions writes a row an image that adds up to the report",
          "[commands][integration]") {
  const TemporaryFolder folder;
  EvalCommandOptions options = tiny_options(folder);
  options.split = eval::EvaluatedSplit::train;
  options.predictions = folder / "p.csv";
  const json result = evaluated(options);
  std::istringstream lines(read_file(options.predictions, 1u << 20));
  std::string line;
  REQUIRE(std::getline(lines, line));
  CHECK(line == "index,truth,prediction,angry,disgust,fear,happy,sad,surprise,neutral");
  const LabelSet& labels = LabelSet::fer2013();
  std::int64_t rows = 0, correct = 0;
  for (; std::getline(lines, line); ++rows) {
    CAPTURE(line);
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    REQUIRE(cells.size() == 10);
    CHECK(cells[0] == std::to_string(rows));
    CHECK(cells[1] == labels.name(static_cast<std::size_t>(rows % 7)));  // drawn in turn
    double sum = 0.0, largest = 0.0;
    for (std::size_t c = 3; c < 10; ++c) {
      sum += std::stod(cells[c]);
      largest = std::max(largest, std::stod(cells[c]));
    }
    CHECK(std::abs(sum - 1.0) < 1e-5);
    CHECK(std::stod(cells[3 + labels.find(cells[2]).value()]) == largest);
    correct += cells[1] == cells[2];
  }
  CHECK(rows == 56);
  const double accuracy = result.at("accuracy").get<double>();
  CHECK(std::abs(static_cast<double>(correct) / 56.0 - accuracy) < 1e-12);
}

TEST_CASE("The flag --figure draws the confusion matrix as its ending says",
          "[commands][integration]") {
  const TemporaryFolder folder;
  EvalCommandOptions options = tiny_options(folder);
  options.figure = folder / "c.svg";
  evaluated(options);
  const std::string svg = read_file(options.figure, 1u << 20);
  CHECK_THAT(svg, ContainsSubstring("<svg") && ContainsSubstring("surprise") &&
                      ContainsSubstring("7 images of test"));
  if (!report::can_render_svg()) FER_SKIP("this build writes no PNG");
  options.figure = folder / "c.png";
  evaluated(options);
  CHECK(test::png_size(options.figure).width > 500);
}

TEST_CASE("fer-eval's mistakes are errors that name what there is", "[commands][integration]") {
  const TemporaryFolder folder;
  RecordingConsole console;
  EvalCommandOptions options = tiny_options(folder);
  write_file(folder / "t.csv", "emotion,pixels,Usage\n");
  const auto fails_with = [&](auto change, const std::string& a, const std::string& b) {
    EvalCommandOptions wrong = options;
    change(wrong);
    CAPTURE(a, b);
    CHECK_THROWS_MATCHES(run_eval(wrong, console), Error,
                         MessageMatches(ContainsSubstring(a) && ContainsSubstring(b)));
  };
  fails_with([](auto& o) { o.model = {"no-such-model"}; }, "\"model\"", "no-such-model");
  fails_with([&](auto& o) { o.model = {folder / "t.csv"}; }, "t.csv", "safetensors");
  fails_with([&](auto& o) { o.data.data = {folder / "t.csv"}; }, "t.csv", "");
  fails_with([&](auto& o) { o.json = o.predictions = folder / "same"; }, "same", "two different");
  fails_with([](auto& o) { o.predictions = "-"; }, "\"predictions\" -", "\"json\"");
  fails_with([&](auto& o) { o.json = folder / "folder/"; }, "folder", "is a folder");
  fails_with([&](auto& o) { o.figure = folder / "c.jpg"; }, "c.jpg", ".svg or .png");
  nn::save_model(options.model.front(), test::fresh_model(1, LabelSet({"glad", "mad"})));
  fails_with([](auto&) {}, "the model knows glad, mad", "'angry' (1), 'disgust' (1)");
}

TEST_CASE("a split that is not there is an error that names those that are",
          "[commands][integration]") {
  const TemporaryFolder folder;
  RecordingConsole console;
  EvalCommandOptions options = tiny_options(folder);
  std::string pixels;
  for (std::size_t i = 1; i < kFacePixels; ++i) pixels += " 9";
  std::string csv = "emotion,pixels,Usage\n";
  for (int i = 0; i < 40; ++i) {
    csv += std::to_string(i % 7) + "," + std::to_string(i) + pixels + ",Training\n";
  }
  write_file(folder / "train-only.csv", csv);
  options.data.data = {folder / "train-only.csv"};
  // Without validation images, some images are held out, and a notice says so.
  CHECK_THROWS_MATCHES(run_eval(options, console), Error,
                       MessageMatches(ContainsSubstring("no split 'test'") &&
                                      ContainsSubstring("train (") && ContainsSubstring("val (")));
  CHECK_THAT(console.notices, ContainsSubstring("held out"));
}

}  // namespace
}  // namespace fer::commands
