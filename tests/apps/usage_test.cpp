// The programs' command line, config and data, as docs/cli.md promises: an exit code and one line
// for every mistake.
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "apps/process.h"
#include "data/csv_fixtures.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using test::check_failure;
using test::csv_of;
using test::lines_of;
using test::Outcome;
using test::pixel_text;
using test::run;
using test::save;
using test::TemporaryFolder;

using test::all_programs;

TEST_CASE("The flag --version names the program, its packages, build type and CPU",
          "[apps][integration]") {
  for (const std::string& program : all_programs()) {
    const Outcome outcome = run(program, {"--version"}, ".");
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, StartsWith(program + " "));
    for (const char* part : {"OpenCV", ", CPU "}) CHECK_THAT(outcome.out, ContainsSubstring(part));
    const bool has_tensors = outcome.out.find("(LibTorch 2.") != std::string::npos;
    CHECK(has_tensors == (FER_WITH_TORCH && program != "fer-predict" && program != "fer-serve"));
  }
}

TEST_CASE("A wrong command line exits 2 and says what was wrong on stderr",
          "[apps][integration][bad-input]") {
  for (const std::string& program : all_programs()) {
    CAPTURE(program);
    const Outcome outcome = run(program, {"--bogus"}, ".");
    CHECK(outcome.code == 2);
    CHECK(outcome.out == "");
    CHECK_THAT(outcome.err, ContainsSubstring(test::has_commands(program) ? "" : "--bogus"));
  }
  CHECK(run("fer-data", {}, ".").code == 2);
  CHECK(run("fer-model", {}, ".").code == 2);
  CHECK(run("fer-model", {"describe", "nano", "small"}, ".").code == 2);
  check_failure(run("fer-model", {"convert", "--store", "float16"}, "."), 2,
                "fer-model: error: no model: name a file, a run folder or a released model "
                "(fer-model list)");
  CHECK_THAT(run("fer-model", {"convert", "nano", "--stor", "float16"}, ".").err,
             ContainsSubstring("unknown flag '--stor'"));
  CHECK_THAT(run("fer-train", {"--completion"}, ".").err, ContainsSubstring("bash, zsh"));
  CHECK(run("fer-train", {"--epochs"}, ".").code == 2);
  CHECK(run("fer-train", {"stray"}, ".").code == 2);
}

TEST_CASE("A flag's value out of bounds exits 2 and names flag, value and what is allowed",
          "[apps][integration][bad-input]") {
  check_failure(run("fer-train", {"--epochs", "0"}, "."), 2,
                "fer-train: error: --epochs: 0 is not allowed; allowed: 1 to 100,000");
  check_failure(
      run("fer-train", {"--batch-size", "many"}, "."), 2,
      "fer-train: error: --batch-size: 'many' is not a whole number; allowed: 1 to 65,536");
  check_failure(
      run("fer-train", {"--monitor", "loss"}, "."), 2,
      "fer-train: error: --monitor: 'loss' is not known; allowed: val_accuracy, val_loss, "
      "val_balanced_accuracy, val_ferplus_accuracy, val_ferplus_balanced_accuracy, val_combined");
  check_failure(run("fer-train", {"--output", ""}, "."), 2,
                "fer-train: error: --output: must not be empty");
  check_failure(run("fer-eval", {"--split", "tests"}, "."), 2,
                "fer-eval: error: --split: 'tests' is not known; allowed: train, val, test, all");
}

TEST_CASE("What does not belong on a command line is reported in the program's own words",
          "[apps][integration][bad-input]") {
  struct Case {
    std::string program;
    std::vector<std::string> words;
    std::string complaint;
  };
  const Case cases[] = {
      {"fer-train", {"--lr"}, "--lr: needs a value; allowed: 1e-09 to 100"},
      {"fer-train", {"--lr="}, "--lr: needs a value; allowed: 1e-09 to 100"},
      {"fer-train", {"--config"}, "--config: needs a value"},
      {"fer-train",
       {"--config", "a", "--config", "b"},
       "--config: is given 2 times; allowed: once"},
      {"fer-train", {"stray"}, "the argument 'stray' is not expected here"},
      {"fer-train", {""}, "the argument '' is not expected here"},
      {"fer-train", {"-lr", "3"}, "unknown flag '-lr'; flags begin with --, as '--lr' would"},
      {"fer-train", {"--epoch", "3"}, "unknown flag '--epoch'; did you mean --epochs?"},
      {"fer-train", {"--flip=7"}, "--flip: '7' is not true or false"},
      {"fer-train", {"--no-flip="}, "--no-flip: '' is not true or false"},
      {"fer-train", {"--flip=maybe"}, "--flip: 'maybe' is not true or false"},
      {"fer-data", {}, "no command is named; known: check, synth, pack, export"},
      {"fer-data", {"chekc"}, "unknown command 'chekc'; known: check, synth, pack, export"},
      {"fer-data", {"synth", "x"}, "the argument 'x' is not expected here"},
      {"fer-model",
       {"describe", "nano", "small"},
       "--model: takes one value, and there are more arguments than that"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.complaint);
    const Outcome outcome = run(one.program, one.words, ".");
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, StartsWith(one.program + ": error: " + one.complaint));
    CHECK(lines_of(outcome.err).size() == 1);
  }
}

TEST_CASE("A choice that there is not is reported before data are read",
          "[apps][integration][bad-input]") {
  const std::string architectures =
      "allowed: seed-cnn, mini-xception, nano, small, base, large, best";
  const auto train = [](std::vector<std::string> words) {
    words.insert(words.end(), {"--data", "/no/such/set"});
    return run("fer-train", words, ".");
  };
  check_failure(
      train({"--arch", "nanoo"}), 2,
      "fer-train: error: --arch: 'nanoo' is not known; did you mean 'nano'?; " + architectures);
  check_failure(train({"--arch", "resnet-1000"}), 2,
                "fer-train: error: --arch: 'resnet-1000' is not known; " + architectures);
  CHECK(train({"--arch", "seed-cnn", "--width", "2"}).code == 2);
  for (const std::string flag : {"--init-from", "--distill"}) {
    const Outcome outcome = train({flag, "nanoo"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, StartsWith("fer-train: error: " + flag + " 'nanoo': "));
  }
  CHECK_THAT(train({"--device", "tpu"}).err, ContainsSubstring("tpu"));
}

TEST_CASE("What is no model is reported by every program that takes one",
          "[apps][integration][bad-input]") {
  const TemporaryFolder folder;
  save(folder / "a.csv", csv_of(3));
  save(folder / "a.png", "\x89PNG\r\n and so on");
  save(folder / "a.onnx", "\x08\x07\x12\x07pytorch");
  save(folder / "a.pt", "PK\x03\x04 and so on");
  save(folder / "none.safetensors", "");
  fs::create_directory(folder / "runs");
  const std::string needed = "not a safetensors file, in which models are kept";
  const std::pair<std::string, std::string> cases[] = {
      {"a.csv", "a.csv: is a text file, " + needed},
      {"a.png", "a.png: is a PNG picture, " + needed},
      {"a.pt", "a.pt: is a PyTorch file or another ZIP archive, " + needed},
      {"none.safetensors",
       "none.safetensors: is empty; it should be a safetensors file, in which models are kept"},
      {"runs",
       "--model 'runs': this folder has no best.safetensors; fer-train writes it after the first "
       "epoch"},
  };
  for (const auto& [name, complaint] : cases) {
    check_failure(run("fer-model", {"describe", name}, folder.path()), 1,
                  "fer-model: error: " + complaint);
    check_failure(run("fer-eval", {"--model", name, "--data", "synthetic:50"}, folder.path()), 1,
                  "fer-eval: error: " + complaint);
    if (!FER_WITH_VISION) continue;
    check_failure(run("fer-predict", {"a.png", "--model", name}, folder.path()), 1,
                  "fer-predict: error: " + complaint);
  }
}

TEST_CASE("An ONNX file alone is reported to need a description, by every program that takes one",
          "[apps][integration][bad-input]") {
  const TemporaryFolder folder;
  save(folder / "a.onnx", "\x08\x07\x12\x07pytorch");
  const std::string silent = "an ONNX file, which does not say what its classes and its input are";
  check_failure(run("fer-model", {"describe", "a.onnx"}, folder.path()), 1,
                "fer-model: error: --model 'a.onnx': is " + silent +
                    "; fer-model import makes a model of it and a description of these");
  const std::string needs =
      "error: --spec: names no description; 'a.onnx' is " + silent + " (docs/models-of-others.md)";
  check_failure(run("fer-eval", {"--model", "a.onnx", "--data", "synthetic:50"}, folder.path()), 1,
                "fer-eval: " + needs);
  if (!FER_WITH_VISION) return;
  check_failure(run("fer-predict", {"a.png", "--model", "a.onnx"}, folder.path()), 1,
                "fer-predict: " + needs);
}

TEST_CASE("The flag --align stands alone, takes its choice either way, and never a picture's name",
          "[apps][integration]") {
  if (!FER_WITH_VISION) FER_SKIP("built without OpenCV");
  const TemporaryFolder folder;
  const std::vector<std::vector<std::string>> calls = {
      {"--align"}, {"--no-align"}, {"--align", "auto"}, {"--align=off"}, {"--align", "on"}};
  for (const std::vector<std::string>& call : calls) {
    CAPTURE(call);
    // There is no source: the choice is not taken for a picture.
    CHECK(run("fer-predict", call, folder.path()).code == 2);
    std::vector<std::string> words = call;
    words.insert(words.end(), {"photo.jpg", "--model", "none.safetensors"});
    const Outcome outcome = run("fer-predict", words, folder.path());
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("none.safetensors"));
  }
  check_failure(run("fer-predict", {"--align=maybe", "photo.jpg"}, folder.path()), 2,
                "fer-predict: error: --align: 'maybe' is not known; allowed: auto, on, off");
}

TEST_CASE("A word behind --align that is neither a choice nor a file is an error that lists both",
          "[apps][integration]") {
  if (!FER_WITH_VISION) FER_SKIP("built without OpenCV");
  const TemporaryFolder folder;
  check_failure(run("fer-predict", {"--align", "maybe", "photo.jpg"}, folder.path()), 2,
                "fer-predict: error: --align 'maybe': is not known, and there is no file of that "
                "name; allowed: auto, on, off, or none, which means on");
  check_failure(
      run("fer-train", {"--se", "yes"}, folder.path()), 2,
      "fer-train: error: --se 'yes': is not known, and there is no file of that name; allowed: "
      "auto, on, off, or none, which means on");
  // Words that may be sources are sources.
  save(folder / "pictures", "no picture");
  for (const char* source : {"pictures", "0.jpg", "clips/", "*.jpg"}) {
    CAPTURE(source);
    const Outcome outcome =
        run("fer-predict", {"--align", source, "--model", "none.safetensors"}, folder.path());
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("none.safetensors"));
  }
}

TEST_CASE("A config with an unknown key or a bad value exits 2 and names it",
          "[apps][integration][bad-input]") {
  const TemporaryFolder folder;
  const auto train_with = [&](const std::string& config) {
    save(folder / "c.json", config);
    return run("fer-train", {"--config", "c.json"}, folder.path());
  };
  check_failure(
      train_with(R"({"epoch": 3})"), 2,
      "fer-train: error: \"epoch\" in c.json line 1: unknown key; did you mean 'epochs'?");
  check_failure(train_with(R"({"epochs": 0})"), 2,
                "fer-train: error: \"epochs\" in c.json line 1: 0 is not allowed; allowed: 1 to "
                "100,000");
  check_failure(train_with("{\"lr\": 0.1,}"), 2,
                "fer-train: error: c.json line 1: is not valid JSON: '{\"lr\": 0.1,}'; there is a "
                "comma behind the last value");
  check_failure(train_with(""), 2,
                "fer-train: error: c.json: is empty; it should hold values of options, as in "
                "{\"lr\": 0.01}");
  check_failure(run("fer-train", {"--resume", "."}, folder.path()), 2,
                "fer-train: error: --resume .: is not a run folder: it has no config.json");
  const Outcome missing = run("fer-train", {"--config", "none.json"}, folder.path());
  CHECK(missing.code == 2);
  CHECK_THAT(missing.err, StartsWith("fer-train: error: none.json: cannot be read"));
}

TEST_CASE("What is wrong with options exits 2, what the work finds exits 1",
          "[apps][integration][bad-input]") {
  const TemporaryFolder folder;
  save(folder / "there", "words");
  struct Case {
    int code;
    std::string program;
    std::vector<std::string> words;
    std::string complaint;
  };
  const Case cases[] = {
      {2, "fer-train", {"--repeats", "3"}, "--repeats 3: does not divide"},
      {2, "fer-train", {"--folds", "1"}, "--folds: 1 is not allowed"},
      {2, "fer-train", {"--name", ".x"}, "--name '.x': must be a plain name"},
      {2, "fer-train", {"--device", "tpu"}, "--device 'tpu': allowed are auto"},
      {2, "fer-train", {"--contact-sheet", "a.jpg"}, "--contact-sheet a.jpg: is written as .png"},
      {2, "fer-train", {"--lr-range-test", "a.jpg"}, "a.jpg: figures are written as"},
      {2, "fer-train", {"--compare-figure", "a.svg"}, "--compare-figure: needs --compare"},
      {1, "fer-train", {"--data", "none.csv"}, "--data 'none.csv': there is no such file"},
      {1, "fer-train", {"--data", "synthetic:90", "--output", "there"}, "there"},
      {2, "fer-eval", {"--folds", "1"}, "--folds: 1 is not allowed"},
      {2, "fer-eval", {"--weights", "1,x"}, "--weights '1,x': 'x' is not a number"},
      {2, "fer-eval", {"--device", "cuda:x"}, "--device 'cuda:x': allowed are auto"},
      {2, "fer-eval", {"--figure", "a.jpg"}, "a.jpg: figures are written as"},
      {2, "fer-eval", {"--no-images"}, "--no-images: belongs to --report"},
      {1,
       "fer-eval",
       {"--device", "cuda:999", "--data", "synthetic:90"},
       "--device cuda:999: this"},
      {1, "fer-eval", {"--model", "none"}, "--model 'none': "},
      {1, "fer-eval", {"--json", "there/a.json"}, "there: the folder cannot be made"},
      {2, "fer-data", {"synth", "--sheet", "a.jpg"}, "--sheet a.jpg: is written as .png"},
      {2, "fer-data", {"synth", "--sheet", "a.png", "--count", "3000"}, "--sheet: takes at most"},
      {2, "fer-data", {"export", "--detector", "yunet"}, "--detector yunet: is for --format coco"},
      {1, "fer-data", {"synth", "--output", "there"}, "--output there: already exists"},
      {2, "fer-model", {"convert"}, "no model: name a file"},
      {2, "fer-model", {"export", "nano", "--weights", "fitted"}, "--weights fitted: cannot be"},
      {2, "fer-model", {"quantize", "nano", "--folds", "1"}, "--folds: 1 is not allowed"},
      {2, "fer-model", {"import", "there"}, "--spec: names no description"},
      {1, "fer-model", {"export", "nano", "--weights", "2,1"}, "--weights 2,1: 2 weights for 1"},
      {1, "fer-model", {"convert", "nano", "--output", "there"}, "--output there: already exists"},
      {2, "fer-predict", {}, "no source: name"},
      {2, "fer-predict", {"a.png", "--top", "0"}, "--top: 0 is not allowed"},
      {2, "fer-predict", {"a.png", "--shard", "3/2"}, "--shard 3/2: "},
      {2, "fer-predict", {"a.png", "--features", "a.txt"}, "--features a.txt: ends in '.txt'"},
      {2,
       "fer-predict",
       {"a.png", "--detector", "none", "--detector-size", "320"},
       "--detector-size: 320 is given, but --detector none takes no size"},
      {1, "fer-predict", {"a.png", "--model", "none"}, "--model 'none': "},
      {2, "fer-serve", {"--address", "0.0.0.0"}, "--address 0.0.0.0: can be reached by other"},
      {2, "fer-serve", {"--token", "a", "--no-token"}, "--no-token: does not go with a token"},
      {1, "fer-serve", {"--token-file", "none"}, "none: "},
      {1, "fer-serve", {"--model", "none"}, "--model 'none': "},
  };
  const std::vector<std::string> built = test::all_programs();
  for (const Case& one : cases) {
    if (std::find(built.begin(), built.end(), one.program) == built.end()) continue;
    CAPTURE(one.program, one.words);
    const Outcome outcome = run(one.program, one.words, folder.path());
    CHECK(outcome.code == one.code);
    CHECK(outcome.out == "");
    CHECK_THAT(outcome.err, ContainsSubstring(": error: " + one.complaint));
  }
}

TEST_CASE("An error names the flag of an option, or its place in the config it comes from",
          "[apps][integration][bad-input]") {
  const TemporaryFolder folder;
  save(folder / "c.json", "{\"batch_size\": 64,\n \"repeats\": 3,\n \"data\": [\"none.csv\"]}");
  const auto train_with = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"--config", "c.json"});
    return run("fer-train", words, folder.path());
  };
  const Outcome together = train_with({});
  CHECK(together.code == 2);
  CHECK_THAT(together.err, StartsWith("fer-train: error: \"repeats\" 3 in c.json line 2: does not "
                                      "divide --batch-size 64\n"));
  const Outcome typed = train_with({"--repeats", "5"});
  CHECK(typed.code == 2);
  CHECK_THAT(typed.err,
             StartsWith("fer-train: error: --repeats 5: does not divide --batch-size 64\n"));
  const Outcome missing = train_with({"--repeats", "2"});
  CHECK(missing.code == 1);
  CHECK_THAT(missing.err, StartsWith("fer-train: error: \"data\" 'none.csv' in c.json line 3: "
                                     "there is no such file or folder; allowed: "));
}

TEST_CASE("Without data a program exits 1 and says how to get it",
          "[apps][integration][bad-input]") {
  const TemporaryFolder folder;
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"fer-train"}, {"fer-data", "check"}}) {
    const Outcome outcome = run(words[0], {words.begin() + 1, words.end()}, folder.path());
    CHECK(outcome.code == 1);
    CHECK(outcome.out == "");
    CHECK_THAT(outcome.err,
               StartsWith(words[0] + ": error: --data: no data set is given and none was found at "
                                     "data/fer2013.csv, data/fer2013/fer2013.csv or "
                                     "data/fer2013/train; name a data set with --data, or get "));
    CHECK(lines_of(outcome.err).size() == 1);
  }
  check_failure(run("fer-data", {"check", "--data", "none.csv"}, folder.path()), 1,
                "fer-data: error: --data 'none.csv': there is no such file or folder; allowed: "
                "synthetic or synthetic:N; a folder train|val|test/CLASS/* or CLASS/*; a file "
                "written by fer-data pack; a CSV file with the columns emotion, pixels and Usage");
}

TEST_CASE("Every mistake in a CSV exits 1 with one line that names its place",
          "[apps][integration][bad-input]") {
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
       "bad.csv:4: column 'emotion': value '7' is not a class; allowed: 0 to 6 as in FER2013, "
       "angry, disgust, fear, happy, sad, surprise, neutral; --unknown-classes skip leaves such "
       "rows out"},
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

}  // namespace
}  // namespace fer
