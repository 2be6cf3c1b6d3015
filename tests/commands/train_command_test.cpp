#include "fer/commands/train_command.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/files.h"
#include "fer/core/processor.h"
#include "fer/core/text.h"
#include "fer/data/synthetic_set.h"
#include "fer/model/model_file.h"
#include "fer/tensors/safetensors.h"
#include "fer/report/png.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/png_size.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using nlohmann::json;
using test::RecordingConsole;
using test::TemporaryFolder;

// 56 training faces in seven steps an epoch.
TrainCommandOptions tiny_options(const TemporaryFolder& folder, std::int64_t epochs) {
  at::set_num_threads(1);
  TrainCommandOptions options;
  options.common.threads = 1;
  options.common.device = "cpu";
  options.data.data = {"synthetic:70"};
  options.train.epochs = epochs;
  options.train.batch_size = 8;
  options.output = folder / "runs";
  return options;
}

// Ctrl-C while the given epoch shows its progress.
class InterruptingConsole final : public RecordingConsole {
 public:
  explicit InterruptingConsole(std::string title) : title_(std::move(title)) {}
  void progress(const Progress& progress) override {
    if (progress.title == title_) stop = true;
  }

 private:
  std::string title_;
};

std::string text_of(const std::filesystem::path& path) { return read_file(path, 100u << 20); }

TEST_CASE("fer-train makes a run folder with all that cli.md promises", "[commands][integration]") {
  const TemporaryFolder folder;
  RecordingConsole console;
  REQUIRE(run_train(tiny_options(folder, 2), console) == 0);
  const auto run = folder / "runs" / "seed-cnn-1";
  for (const char* name :
       {"config.json", "results.csv", "best.safetensors", "last.ckpt", "curves.svg"}) {
    CAPTURE(name);
    CHECK(std::filesystem::file_size(run / name) > 0);
  }
  const std::string results = text_of(run / "results.csv");
  CHECK(std::count(results.begin(), results.end(), '\n') == 3);

  const Model best = load_model(run / "best.safetensors");
  CHECK(console.output.str() == (run / "best.safetensors").string() + " val_accuracy " +
                                    fixed(best.info.training.val_accuracy, 4) + " epoch " +
                                    std::to_string(best.info.training.epoch) + "\n");
  CHECK(best.info.training.data == "synthetic:70");
  CHECK(best.info.training.data_fingerprint.size() == 16);
  CHECK_THAT(best.info.creator, ContainsSubstring("fer-train"));
  CHECK(best.info.input.mean != InputSpec().mean);  // measured, not the default
  CHECK(console.progress_reports == 2);
  CHECK_THAT(console.notices, ContainsSubstring("synthetic:70: train (56), val (7), test (7)"));
  CHECK_THAT(console.notices, ContainsSubstring("683,527 parameters"));
  CHECK(console.warnings.empty());
}

TEST_CASE("a run's config.json repeats the run in a folder of its own", "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.common.seed = 3;
  options.train.augment.rotation = 4.5;
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  const auto first = folder / "runs" / "seed-cnn-1";
  TrainCommandOptions again;
  options_from_json(json::parse(text_of(first / "config.json")), visiting(again), "config.json");
  CHECK(again.train.augment.rotation == 4.5);
  CHECK(again.common.seed == 3);
  CHECK(again.data.data == options.data.data);
  again.output = options.output;
  REQUIRE(run_train(again, console) == 0);
  const auto second = folder / "runs" / "seed-cnn-2";
  CHECK(text_of(first / "config.json") == text_of(second / "config.json"));
  CHECK(text_of(first / "best.safetensors") == text_of(second / "best.safetensors"));
}

TEST_CASE("an interrupted fer-train exits 130 and goes on with --resume as if never stopped",
          "[commands][integration]") {
  const TemporaryFolder folder;
  RecordingConsole console;
  TrainCommandOptions options = tiny_options(folder, 3);
  options.name = "whole";
  REQUIRE(run_train(options, console) == 0);

  options.name = "cut";
  InterruptingConsole interrupting("epoch 2/3");
  CHECK(run_train(options, interrupting) == 130);
  const std::string run = (folder / "runs" / "cut-1").string();
  CHECK_THAT(interrupting.warnings, ContainsSubstring("fer-train --resume " + run));
  CHECK(interrupting.output.str().empty());

  options.resume = run;
  RecordingConsole resumed;
  REQUIRE(run_train(options, resumed) == 0);
  CHECK(resumed.warnings.empty());
  CHECK_FALSE(std::filesystem::exists(folder / "runs" / "cut-2"));
  const auto whole = read_safetensors(folder / "runs/whole-1/last.ckpt").tensors;
  for (const auto& [name, tensor] : read_safetensors(folder / "runs/cut-1/last.ckpt").tensors) {
    CAPTURE(name);
    CHECK(at::equal(tensor, whole.at(name)));
  }
  // "… val_accuracy 0.2857 epoch 2": the same score at the same epoch.
  const auto score = [](const RecordingConsole& said) {
    const std::string line = said.output.str();
    return line.substr(line.find(" val_accuracy"));
  };
  CHECK(score(console) == score(resumed));
}

TEST_CASE("The flag --resume tells what is not as it was", "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.resume = folder / "runs" / "seed-cnn-1";
  options.train.epochs = 2;
  options.train.optimizer.lr = 5e-4;
  REQUIRE(run_train(options, console) == 0);
  CHECK(console.warnings ==
        "resumed with another 'epochs': 1 before, 2 now\n"
        "resumed with another 'lr': 0.001 before, 0.0005 now\n");
  CHECK_THAT(console.notices, ContainsSubstring("going on after epoch 1"));
}

TEST_CASE("The flag --resume refuses another batch size, seed or monitor",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.resume = folder / "runs" / "seed-cnn-1";
  options.train.monitor = "val_loss";
  CHECK_THROWS_MATCHES(
      run_train(options, console), Error,
      MessageMatches(ContainsSubstring("another 'monitor': \"val_accuracy\" before")));
}

TEST_CASE("The flag --resume refuses other images and folders that are no run", "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.resume = folder / "runs" / "seed-cnn-1";
  options.data.data = {"synthetic:140"};
  CHECK_THROWS_MATCHES(
      run_train(options, console), Error,
      MessageMatches(ContainsSubstring("other images") && ContainsSubstring("--data")));
  options.resume = folder.path();
  CHECK_THROWS_MATCHES(run_train(options, console), Error,
                       MessageMatches(ContainsSubstring("last.ckpt")));
}

TEST_CASE("The flag --list-archs lists every network with its size and needs no data",
          "[commands][integration]") {
  TrainCommandOptions options;
  options.list_archs = true;
  options.data.data = {"/no/such/set"};
  RecordingConsole console;
  CHECK(run_train(options, console) == 0);
  CHECK_THAT(console.output.str(), ContainsSubstring("seed-cnn       683,527        22.5 M"));
  CHECK_THAT(console.output.str(), ContainsSubstring("best           15,4"));
}

TEST_CASE("The flag --contact-sheet writes a picture of augmented faces and trains nothing",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.contact_sheet = folder / "sheet.png";
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  // Twelve columns, a row for each of seven classes, 96 pixels a face, gaps of 2.
  CHECK(test::png_size(options.contact_sheet) == test::PngSize{12 * 96 + 13 * 2, 7 * 96 + 8 * 2});
  CHECK(console.output.str() == options.contact_sheet + "\n");
  CHECK(folder.entries() == 1);  // no run folder
}

TEST_CASE("fer-train's mistakes are errors that say what is allowed, and leave no run folder",
          "[commands][integration]") {
  const TemporaryFolder folder;
  RecordingConsole console;
  const auto fails_with = [&](auto change, const char* message) {
    TrainCommandOptions options = tiny_options(folder, 1);
    change(options);
    CAPTURE(message);
    CHECK_THROWS_MATCHES(run_train(options, console), Error,
                         MessageMatches(ContainsSubstring(message)));
  };
  fails_with([](auto& o) { o.train.arch = "resnet-1000"; }, "allowed: seed-cnn");
  fails_with([](auto& o) { o.common.device = "tpu"; }, "auto, cpu, cuda and cuda:N");
  fails_with([](auto& o) { o.data.data = {"/no/such.csv"}; }, "/no/such.csv");
  fails_with([](auto& o) { o.name = "a/b"; }, "--name");
  CHECK_FALSE(std::filesystem::exists(folder / "runs" / "seed-cnn-1"));
}

#if FER_WITH_VISION
// A folder of pictures with classes of its own, as --data takes them.
std::string own_folder(const TemporaryFolder& folder, const std::vector<std::string>& classes) {
  const std::vector<FacePixels> faces =
      draw_synthetic_faces(static_cast<std::int64_t>(14 * classes.size()));
  for (std::size_t i = 0; i < faces.size(); ++i) {
    // Every seventh drawn face is of one kind: class c of ours is the c-th kind of theirs.
    const std::size_t kind = i % 7;
    if (kind >= classes.size()) continue;
    write_grey_png(std::filesystem::path(folder / "own") / classes[kind] /
                       (std::to_string(i) + ".png"),
                   faces[i], kFaceSide, kFaceSide);
  }
  return folder / "own";
}

TEST_CASE("A model is fine-tuned on a folder with other classes by one command",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions base = tiny_options(folder, 1);
  base.train.arch = "nano";
  base.train.net.width = 0.34;
  RecordingConsole console;
  REQUIRE(run_train(base, console) == 0);

  TrainCommandOptions tuning = base;
  tuning.data.data = {own_folder(folder, {"calm", "happy", "tense"})};
  tuning.data.classes = "from-data";
  tuning.train.init_from = folder / "runs" / "nano-1";
  tuning.train.freeze = {"stem*"};
  tuning.train.optimizer.body_lr = 0.1;
  tuning.name = "own";
  RecordingConsole told;
  REQUIRE(run_train(tuning, told) == 0);
  CHECK_THAT(told.notices,
             ContainsSubstring("made anew for the classes calm, happy, tense; taken over for happy"));
  CHECK_THAT(told.notices, ContainsSubstring("parameters stay as they are"));
  const Model before = load_model(folder / "runs/nano-1/best.safetensors");
  const Model tuned = load_model(folder / "runs/own-1/best.safetensors");
  CHECK(tuned.info.labels.names() == std::vector<std::string>{"calm", "happy", "tense"});
  CHECK(tuned.info.input == before.info.input);
  CHECK(at::equal(named_weights(*tuned.net).at("stem.weight"),
                  named_weights(*before.net).at("stem.weight")));
  CHECK_FALSE(at::equal(named_weights(*tuned.net).at("stage4_block1.conv1.weight"),
                        named_weights(*before.net).at("stage4_block1.conv1.weight")));
}
#endif

TEST_CASE("A student learns from a teacher of the same classes, and from no other",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  TrainCommandOptions student = options;
  student.train.loss.distill = {folder / "runs" / "seed-cnn-1"};
  RecordingConsole told;
  REQUIRE(run_train(student, told) == 0);
  CHECK_THAT(told.notices, ContainsSubstring("learning from"));
  save_model(folder / "two.safetensors", test::fresh_model(1, LabelSet({"glad", "mad"})));
  student.train.loss.distill = {folder / "two.safetensors"};
  CHECK_THROWS_MATCHES(run_train(student, told), Error,
                       MessageMatches(ContainsSubstring("--distill") &&
                                      ContainsSubstring("glad, mad")));
}

TEST_CASE("A range test draws a figure, suggests a rate and leaves no run", "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.lr_range_test = folder / "lr.svg";
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  CHECK_THAT(console.output.str(), ContainsSubstring("lr.svg suggested_lr 0."));
  CHECK_THAT(text_of(options.lr_range_test), ContainsSubstring("learning rate"));
  CHECK_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST_CASE("A run that cannot start leaves no folder behind", "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.train.freeze = {"*"};
  RecordingConsole console;
  CHECK_THROWS_MATCHES(run_train(options, console), Error,
                       MessageMatches(ContainsSubstring("--freeze")));
  CHECK_FALSE(std::filesystem::exists(folder / "runs" / "seed-cnn-1"));
}

TEST_CASE("A complete run is left as it is by --resume, and a missing best model is told",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 2);
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  const std::string config = text_of(folder / "runs/seed-cnn-1/config.json");
  options.resume = folder / "runs/seed-cnn-1";
  options.train.epochs = 1;
  RecordingConsole told;
  REQUIRE(run_train(options, told) == 0);
  CHECK_THAT(told.notices, ContainsSubstring("this run is complete") &&
                               !ContainsSubstring("training seed-cnn"));
  CHECK(text_of(folder / "runs/seed-cnn-1/config.json") == config);
  std::filesystem::remove(folder / "runs/seed-cnn-1/best.safetensors");
  CHECK_THROWS_MATCHES(run_train(options, told), Error,
                       MessageMatches(ContainsSubstring("best.safetensors: is missing")));
}

TEST_CASE("The precision that auto comes to is told and recorded", "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.train.amp = "auto";
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  const std::string chosen = processor_has_bf16() ? "bf16" : "off";
  CHECK_THAT(console.notices, ContainsSubstring("precision: " + chosen + " (--amp auto)"));
  const json config = json::parse(text_of(folder / "runs/seed-cnn-1/config.json"));
  CHECK(config.at("amp") == chosen);
}

TEST_CASE("Sides that a network cannot take are an error that names both", "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.train.sides = "32,48";
  RecordingConsole console;
  CHECK_THROWS_MATCHES(run_train(options, console), Error,
                       MessageMatches(ContainsSubstring("--sides 32,48") &&
                                      ContainsSubstring("seed-cnn")));
}

}  // namespace
}  // namespace fer
