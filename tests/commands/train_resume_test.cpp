// fer-train --resume, as a whole.
#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/train_fixtures.h"
#include "fer/core/error.h"
#include "fer/data/packed_file.h"
#include "fer/data/synthetic_set.h"
#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/recording_console.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::neutral_votes;
using test::RecordingConsole;
using test::TemporaryFolder;
using test::text_of;
using test::tiny_options;

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

// A run of three epochs that Ctrl-C stops in the middle of its second one, and --resume goes on
// with, is the run that never stopped. An epoch must have more than 20 steps.
void check_goes_on(const TemporaryFolder& folder, TrainCommandOptions options) {
  RecordingConsole console;
  options.name = "whole";
  REQUIRE(run_train(options, console) == 0);

  options.name = "cut";
  InterruptingConsole interrupting("epoch 2/3");
  CHECK(run_train(options, interrupting) == 130);
  const std::string run = (folder / "runs" / "cut-1").string();
  CHECK_THAT(interrupting.warnings, ContainsSubstring("fer-train --resume " + run));
  CHECK(interrupting.output.str().empty());

  options.name.clear();
  options.resume = run;
  RecordingConsole resumed;
  REQUIRE(run_train(options, resumed) == 0);
  CHECK(resumed.warnings.empty());
  CHECK_THAT(resumed.notices, ContainsSubstring("continuing after epoch 1"));
  CHECK_FALSE(std::filesystem::exists(folder / "runs" / "cut-2"));
  for (const char* file : {"last.ckpt", "best.safetensors", "best-raw.safetensors"}) {
    const auto path = folder / "runs/whole-1" / file;
    if (!std::filesystem::exists(path)) continue;  // without --ema there is no raw model
    const auto whole = tensors::read_safetensors(path).tensors;
    for (const auto& [name, tensor] :
         tensors::read_safetensors(folder / "runs/cut-1" / file).tensors) {
      CAPTURE(file, name);
      CHECK(at::equal(tensor, whole.at(name)));
    }
  }
  // "… val_accuracy 0.2857 epoch 2": the same score at the same epoch.
  const auto score = [](const RecordingConsole& said) {
    const std::string line = said.output.str();
    return line.substr(line.find(" val_accuracy"));
  };
  CHECK(score(console) == score(resumed));
}

TEST_CASE("an interrupted fer-train exits 130 and goes on with --resume as if never stopped",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 3);
  options.train.batch_size = 2;
  check_goes_on(folder, options);
}

TEST_CASE("a fold with an average, sharpness, mixtures and a teacher goes on after a stop, too",
          "[commands][integration]") {
  const TemporaryFolder folder;
  nn::save_model(folder / "teacher.safetensors", test::fresh_model(2));
  TrainCommandOptions options = tiny_options(folder, 3);
  options.data.folds = 3;
  options.data.fold = 2;  // of 63 images that are not for test, 42 are trained on
  options.train.batch_size = 2;
  options.train.arch = "nano";
  options.train.net.width = 0.34;
  options.train.optimizer.ema = 0.9;
  options.train.optimizer.sam = train::SamKind::sam;
  options.train.augment.mixup = 0.2;
  options.train.schedule.schedule = train::ScheduleKind::onecycle;
  options.train.loss.distill = {folder / "teacher.safetensors"};
  check_goes_on(folder, options);
  CHECK(std::filesystem::exists(folder / "runs/whole-1/best-raw.safetensors"));
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
  CHECK_THAT(console.notices, ContainsSubstring("continuing after epoch 1"));
}

TEST_CASE("A run from before an option was there goes on as its default says",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.resume = folder / "runs" / "seed-cnn-1";
  const auto checkpoint = std::filesystem::path(options.resume) / "last.ckpt";
  tensors::Safetensors file = tensors::read_safetensors(checkpoint);
  auto recipe = nlohmann::json::parse(file.metadata.at("recipe"));
  REQUIRE(recipe.erase("ferplus_weight") == 1);  // fixed on resume
  REQUIRE(recipe.erase("camera") == 1);          // not fixed
  file.metadata["recipe"] = recipe.dump();
  write_safetensors(checkpoint, file);
  options.train.epochs = 2;
  REQUIRE(run_train(options, console) == 0);
  CHECK(console.warnings == "resumed with another 'epochs': 1 before, 2 now\n");
}

TEST_CASE("The flag --resume refuses another value of whatever a run's state hangs on",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.data.folds = 3;
  options.data.fold = 2;
  options.data.ferplus = neutral_votes(folder, "votes.csv", 70);
  options.train.loss.ferplus_targets = train::FerplusTargets::majority;
  options.train.arch = "nano";
  options.train.net.width = 0.34;
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.resume = folder / "runs" / "nano-1";
  const std::map<std::string, std::string> others = {
      {"accumulate", "2"},
      {"amp", "bf16"},
      {"arch", "small"},
      {"batch_size", "4"},
      {"block", "pre"},
      {"distill", options.resume},
      {"downsample", "blur"},
      {"ema", "0.9"},
      {"ferplus", neutral_votes(folder, "copy.csv", 70)},
      {"ferplus_targets", "probability"},
      {"ferplus_weight", "0.5"},
      {"fold", "1"},
      {"folds", "4"},
      {"fraction", "0.5"},
      {"freeze", "stem*"},
      {"ghost_batch", "2"},
      {"init_from", options.resume},
      {"logit_adjustment", "1"},
      {"momentum", "0.5"},
      {"monitor", "val_loss"},
      {"optimizer", "sgd"},
      {"repeats", "2"},
      {"sampling", "balanced"},
      {"se", "on"},
      {"seed", "7"},
      {"shortcut", "pool"},
      {"stem_stride", "1"},
      {"steps_per_epoch", "3"},
      {"width", "0.5"}};
  for (const std::string& name : fixed_option_names(visiting(options))) {
    CAPTURE(name);
    REQUIRE(others.contains(name));  // a new one needs a line above
    TrainCommandOptions changed = options;
    option_from_words(name, {others.at(name)}, visiting(changed));
    CHECK_THROWS_MATCHES(run_train(changed, console), Error,
                         MessageMatches(ContainsSubstring("another '" + name + "': ")));
  }
}

TEST_CASE("The flag --resume refuses other images and folders that are no run",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.resume = folder / "runs" / "seed-cnn-1";
  options.data.data = {"synthetic:140"};
  CHECK_THROWS_MATCHES(
      run_train(options, console), Error,
      MessageMatches(ContainsSubstring("other images") && ContainsSubstring("\"data\"")));
  options.resume = folder.path();
  CHECK_THROWS_MATCHES(run_train(options, console), Error,
                       MessageMatches(ContainsSubstring("last.ckpt")));
}

TEST_CASE("The flag --resume says of which format a run's images were, and these are",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.resume = folder / "runs" / "seed-cnn-1";
  options.data.image_size = 64;
  options.data.colour = data::DataColour::rgb;
  CHECK_THROWS_MATCHES(
      run_train(options, console), Error,
      MessageMatches(ContainsSubstring(
          "the run was trained on 48x48 grey images, and the data are 64x64 rgb; pass the same")));
}

TEST_CASE("A run goes on where its images' format is named that they have anyway",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  const std::string packed = folder / "faces.safetensors";
  data::write_packed_file(packed, data::make_synthetic_set(70, 1, {48, 48, Colour::rgb}));
  options.data.data = {packed};
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.resume = folder / "runs" / "seed-cnn-1";
  options.data.image_size = 48;
  options.data.colour = data::DataColour::rgb;
  options.train.epochs = 2;
  RecordingConsole resumed;
  REQUIRE(run_train(options, resumed) == 0);
  CHECK(resumed.warnings == "resumed with another 'epochs': 1 before, 2 now\n");
}

TEST_CASE("A complete run is left as it is by --resume, and a missing best model is reported",
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
  CHECK_THAT(told.notices,
             ContainsSubstring("this run is complete") && !ContainsSubstring("training seed-cnn"));
  CHECK(text_of(folder / "runs/seed-cnn-1/config.json") == config);
  std::filesystem::remove(folder / "runs/seed-cnn-1/best.safetensors");
  CHECK_THROWS_MATCHES(run_train(options, told), Error,
                       MessageMatches(ContainsSubstring("best.safetensors: is missing")));
}

}  // namespace
}  // namespace fer::commands
