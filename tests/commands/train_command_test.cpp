#include "fer/commands/train_command.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/train_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/files.h"
#include "fer/core/processor.h"
#include "fer/core/text.h"
#include "fer/data/synthetic_set.h"
#include "fer/nn/model.h"
#include "fer/report/png_bytes.h"
#include "fer/tensors/safetensors.h"
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
using test::neutral_votes;
using test::RecordingConsole;
using test::TemporaryFolder;
using test::text_of;
using test::tiny_options;

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

  const nn::Model best = nn::load_model(run / "best.safetensors");
  CHECK(console.output.str() == (run / "best.safetensors").string() + " val_accuracy " +
                                    fixed(best.info.training.val_accuracy, 4) + " epoch " +
                                    std::to_string(best.info.training.epoch) + "\n");
  CHECK(best.info.training.data == "synthetic:70");
  CHECK(best.info.training.data_fingerprint.size() == 16);
  CHECK_THAT(best.info.creator, ContainsSubstring("fer-train"));
  CHECK(best.info.input.mean != model::InputSpec().mean);  // measured, not the default
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

TEST_CASE("The flag --list-archs lists every network with its size and needs no data",
          "[commands][integration]") {
  TrainCommandOptions options;
  options.list_archs = true;
  options.data.data = {"/no/such/set"};
  RecordingConsole console;
  CHECK(run_train(options, console) == 0);
  CHECK_THAT(console.output.str(), ContainsSubstring("seed-cnn       683,527        22.5 M"));
  CHECK_THAT(console.output.str(), ContainsSubstring("best           15,4"));
  CHECK_THAT(console.notices,
             ContainsSubstring("the costs of one face of 48x48 grey, with 7 classes; "
                               "\"image_size\" and \"colour\" choose"));
  options.data.take_format({112, 112, Colour::rgb});
  RecordingConsole large;
  CHECK(run_train(options, large) == 0);
  CHECK_THAT(large.notices, ContainsSubstring("one face of 112x112 rgb"));
  CHECK_THAT(large.output.str(), !ContainsSubstring("22.5 M"));
}

TEST_CASE("The flag --contact-sheet writes a picture of augmented faces and trains nothing",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.contact_sheet = folder / "sheet.png";
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  // Twelve columns, a row for each of seven classes and one for each change alone, 96 pixels a
  // face, gaps of 2.
  CHECK_THAT(console.notices, ContainsSubstring("all together, rotation, flip"));
  CHECK(test::png_size(options.contact_sheet) == test::PngSize{12 * 96 + 13 * 2, 9 * 96 + 10 * 2});
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
  fails_with([](auto& o) { o.name = "a/b"; }, "\"name\"");
  CHECK_FALSE(std::filesystem::exists(folder / "runs" / "seed-cnn-1"));
}

#if FER_WITH_VISION
// A folder of pictures with classes of its own, as --data takes them.
std::string own_folder(const TemporaryFolder& folder, const std::vector<std::string>& classes) {
  const Faces faces = data::draw_synthetic_faces(static_cast<std::int64_t>(14 * classes.size()));
  for (std::size_t i = 0; i < faces.size(); ++i) {
    // Drawn faces cycle through seven classes; our class c takes the faces of their class c.
    const std::size_t kind = i % 7;
    if (kind >= classes.size()) continue;
    report::write_face_png(
        std::filesystem::path(folder / "own") / classes[kind] / (std::to_string(i) + ".png"),
        faces[i]);
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
  tuning.data.data = {own_folder(folder, {"bored", "happy", "tense"})};
  tuning.data.classes = data::ClassSource::from_data;
  tuning.train.init_from = folder / "runs" / "nano-1";
  tuning.train.freeze = {"stem*"};
  tuning.train.optimizer.body_lr = 0.1;
  tuning.name = "own";
  RecordingConsole told;
  REQUIRE(run_train(tuning, told) == 0);
  CHECK_THAT(
      told.notices,
      ContainsSubstring("made anew for the classes bored, happy, tense; taken over for happy"));
  CHECK_THAT(told.notices, ContainsSubstring("parameters are frozen"));
  const nn::Model before = nn::load_model(folder / "runs/nano-1/best.safetensors");
  const nn::Model tuned = nn::load_model(folder / "runs/own-1/best.safetensors");
  CHECK(tuned.info.labels.names() == std::vector<std::string>{"bored", "happy", "tense"});
  CHECK(tuned.info.input == before.info.input);
  CHECK(at::equal(nn::named_weights(*tuned.net).at("stem.weight"),
                  nn::named_weights(*before.net).at("stem.weight")));
  CHECK_FALSE(at::equal(nn::named_weights(*tuned.net).at("stage4_block1.conv1.weight"),
                        nn::named_weights(*before.net).at("stage4_block1.conv1.weight")));
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
  CHECK_THAT(told.notices, ContainsSubstring("distilling from"));
  const auto alone = tensors::read_safetensors(folder / "runs/seed-cnn-1/last.ckpt").tensors;
  const auto taught = tensors::read_safetensors(folder / "runs/seed-cnn-2/last.ckpt").tensors;
  CHECK_FALSE(at::equal(alone.at("net/logits.weight"), taught.at("net/logits.weight")));
  nn::save_model(folder / "two.safetensors", test::fresh_model(1, LabelSet({"glad", "mad"})));
  student.train.loss.distill = {folder / "two.safetensors"};
  CHECK_THROWS_MATCHES(
      run_train(student, told), Error,
      MessageMatches(ContainsSubstring("\"distill\"") && ContainsSubstring("glad, mad")));
}

TEST_CASE("A teacher that takes only one side is an error that names it where there are others",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string teacher = folder / "teacher.safetensors";
  nn::save_model(teacher, test::fresh_model(2));
  TrainCommandOptions options = tiny_options(folder, 1);
  options.train.arch = "nano";
  options.train.net.width = 0.34;
  options.train.train_sizes = "32,48";
  options.train.loss.distill = {teacher};
  RecordingConsole console;
  CHECK_THROWS_MATCHES(
      run_train(options, console), Error,
      MessageMatches(ContainsSubstring("\"sides\" 32,48") &&
                     ContainsSubstring("\"distill\" " + teacher) && ContainsSubstring("side 48")));
  CHECK_FALSE(std::filesystem::exists(folder / "runs" / "nano-1"));
}

// Records messages from the moment the run's log is opened, as in log.txt.
class LoggingConsole final : public RecordingConsole {
 public:
  void log_to(const std::string& path) override {
    log = path;
    notices.clear();
    warnings.clear();
  }

  std::string log;
};

TEST_CASE("A run's log says what it trains on, in which precision and from which weights",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.train.arch = "nano";
  options.train.net.width = 0.34;
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  options.train.init_from = folder / "runs" / "nano-1";
  options.train.freeze = {"stem*"};
  LoggingConsole logging;
  REQUIRE(run_train(options, logging) == 0);
  CHECK(logging.log == (folder / "runs/nano-2/log.txt").string());
  for (const char* told :
       {"synthetic:70: train (56)", "precision: off",
        "nano-1/best.safetensors; its last layer is taken over too", "parameters are frozen"}) {
    CAPTURE(told);
    CHECK_THAT(logging.notices, ContainsSubstring(told));
  }
  CHECK(logging.warnings.empty());
}

TEST_CASE("What cannot help is reported in time, and in the log", "[commands][integration]") {
  const TemporaryFolder folder;
  const auto warnings_with = [&](auto change) {
    TrainCommandOptions options = tiny_options(folder, 1);
    change(options);
    LoggingConsole logging;
    REQUIRE(run_train(options, logging) == 0);
    return logging.warnings;
  };
  CHECK_THAT(warnings_with([](auto& o) { o.train.freeze = {"conv1*"}; }),
             ContainsSubstring("\"freeze\" without \"init_from\""));
  // Seven steps; 0.5 spans two of them.
  CHECK_THAT(warnings_with([](auto& o) { o.train.optimizer.ema = 0.999; }),
             ContainsSubstring("\"ema\" 0.999 averages over some 1,000 steps; this run has 7,"));
  CHECK(warnings_with([](auto& o) { o.train.optimizer.ema = 0.5; }).empty());
  CHECK_THAT(
      warnings_with([&](auto& o) { o.data.ferplus = neutral_votes(folder, "votes.csv", 70); }),
      ContainsSubstring("\"ferplus\" without \"ferplus_targets\""));
}

TEST_CASE("A range test draws a figure, suggests a rate and leaves no run",
          "[commands][integration]") {
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
                       MessageMatches(ContainsSubstring("\"freeze\"")));
  CHECK_FALSE(std::filesystem::exists(folder / "runs" / "seed-cnn-1"));
}

TEST_CASE("The precision that auto comes to is reported and recorded", "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.train.amp = train::MixedPrecision::automatic;
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  const std::string chosen = processor_has_bf16() ? "bf16" : "off";
  CHECK_THAT(console.notices, ContainsSubstring("precision: " + chosen));
  const json config = json::parse(text_of(folder / "runs/seed-cnn-1/config.json"));
  CHECK(config.at("amp") == chosen);
}

TEST_CASE("Sides that a network cannot take are an error that names both",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = tiny_options(folder, 1);
  options.train.train_sizes = "32,48";
  RecordingConsole console;
  CHECK_THROWS_MATCHES(
      run_train(options, console), Error,
      MessageMatches(ContainsSubstring("\"sides\" 32,48") && ContainsSubstring("seed-cnn")));
}

TEST_CASE("A share of the training images is trained on, and epochs are kept as asked",
          "[commands][integration]") {
  const TemporaryFolder folder;
  commands::TrainCommandOptions options = tiny_options(folder, 5);
  options.train.fraction = 0.25;
  options.train.save_every = 2;
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  CHECK_THAT(console.notices, ContainsSubstring("trains on 14 of 56 training images"));
  const auto run = folder / "runs" / "seed-cnn-1";
  const nn::Model best = nn::load_model(run / "best.safetensors");
  CHECK(best.info.training.image_hashes.size() == 14);
  CHECK(nn::load_model(run / "epoch-0002.safetensors").info.training.epoch == 2);
  CHECK(nn::load_model(run / "epoch-0004.safetensors").info.training.epoch == 4);
  CHECK_FALSE(std::filesystem::exists(run / "epoch-0003.safetensors"));
}

TEST_CASE("A run's epochs are planned by its time, and written into its config",
          "[commands][integration]") {
  const TemporaryFolder folder;
  commands::TrainCommandOptions options = tiny_options(folder, 3);
  options.train.max_minutes = 100.0;  // more than three epochs need
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  CHECK_THAT(console.notices,
             ContainsSubstring("an epoch takes about") && ContainsSubstring("3 epochs fit into"));
  options.train.max_minutes = 1e-5;
  REQUIRE(run_train(options, console) == 0);
  CHECK_THAT(console.warnings, ContainsSubstring("a single epoch takes longer"));
  CHECK_THAT(console.notices, ContainsSubstring("epoch 1/1: "));
  const json config = json::parse(text_of(folder / "runs" / "seed-cnn-2" / "config.json"));
  CHECK(config.at("epochs") == 1);
  const std::string results = text_of(folder / "runs" / "seed-cnn-2" / "results.csv");
  CHECK(std::count(results.begin(), results.end(), '\n') == 2);
}

}  // namespace
}  // namespace fer::commands
