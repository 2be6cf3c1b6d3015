// Completion by bash itself.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/process.h"
#include "data/csv_fixtures.h"
#include "support/catch.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using test::lines_of;
using test::Outcome;
using test::run;
using test::save;
using test::TemporaryFolder;

// The words that bash offers for the last of these words. Bash cuts a command line at blanks and at
// '='.
std::vector<std::string> offered(const std::vector<std::string>& words, const fs::path& folder) {
  const std::string program = (test::program_folder() / words.front()).string();
  std::string function = "_" + words.front();
  std::replace(function.begin(), function.end(), '-', '_');
  const std::string script =
      "source <(\"$0\" --completion bash) && COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1)) && " +
      function + " && printf '%s\\n' \"${COMPREPLY[@]}\"";
  std::vector<std::string> call = {"-c", script, program};
  call.insert(call.end(), words.begin(), words.end());
  const Outcome outcome = run("/bin/bash", call, folder);
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "");
  std::vector<std::string> lines = lines_of(outcome.out);
  std::erase(lines, "");
  std::sort(lines.begin(), lines.end());
  return lines;
}

using Words = std::vector<std::string>;

TEST_CASE("Bash completes flags, choices, files and folders", "[apps][integration]") {
  if (!fs::exists("/bin/bash")) FER_SKIP("there is no bash");
  const TemporaryFolder folder;
  fs::create_directory(folder / "data one");
  save(folder / "data.csv", "");
  const auto offers = [&](const Words& words) { return offered(words, folder.path()); };
  CHECK(offers({"fer-train", "--sam"}) == Words{"--sam", "--sam-rho", "--sampling"});
  CHECK(offers({"fer-train", "--no-"}) == Words{"--no-flip", "--no-se"});
  CHECK(offers({"fer-train", "--optimizer", "ada"}) == Words{"adam", "adamw"});
  CHECK(offers({"fer-train", "--optimizer", "=", "s"}) == Words{"sgd"});
  CHECK(offers({"fer-train", "--optimizer", "="}) == Words{"adam", "adamw", "sgd"});
  CHECK(offers({"fer-train", "--data", "da"}) == Words{"data one", "data.csv"});
  CHECK(offers({"fer-train", "--output", "da"}) == Words{"data one"});
  CHECK(offers({"fer-train", "--epochs", ""}).empty());
  CHECK(offers({"fer-train", "--epochs", "5", "--list"}) == Words{"--list-archs"});
  CHECK(offers({"fer-eval", "--split", "t"}) == Words{"test", "train"});
  CHECK(offers({"fer-eval", "--compl"}).empty());
}

TEST_CASE("Bash completes the commands of programs that have some, and the flags of each",
          "[apps][integration]") {
  if (!fs::exists("/bin/bash")) FER_SKIP("there is no bash");
  CHECK(offered({"fer-data", "s"}, ".") == Words{"synth"});
  CHECK(offered({"fer-data", "synth", "--co"}, ".") == Words{"--colour", "--config", "--count"});
  CHECK(offered({"fer-data", "check", "--cou"}, ".").empty());
  CHECK(offered({"fer-data", "check", "--detector", "ce"}, ".") == Words{"centerface"});
  CHECK(offered({"fer-data", "pack", "--detector", "ce"}, ".").empty());
  CHECK(offered({"fer-model", "co"}, ".") == Words{"convert"});
  CHECK(offered({"fer-model", "convert", "--store", "float1"}, ".") == Words{"float16"});
  CHECK(offered({"fer-model", "export", "--format", "o"}, ".") == Words{"onnx"});
}

TEST_CASE("Bash completes the pictures of fer-predict without a flag", "[apps][integration]") {
  if (!FER_WITH_VISION) FER_SKIP("built without OpenCV");
  if (!fs::exists("/bin/bash")) FER_SKIP("there is no bash");
  const TemporaryFolder folder;
  save(folder / "photo.jpg", "");
  CHECK(offered({"fer-predict", "ph"}, folder.path()) == Words{"photo.jpg"});
  CHECK(offered({"fer-predict", "--recursive", "ph"}, folder.path()) == Words{"photo.jpg"});
  // A flag that may stand alone, or with its choice.
  CHECK(offered({"fer-predict", "--align", "ph"}, folder.path()) == Words{"photo.jpg"});
  CHECK(offered({"fer-predict", "--align", "a"}, folder.path()) == Words{"auto"});
  CHECK(offered({"fer-predict", "--rec"}, folder.path()) == Words{"--reconnect", "--recursive"});
}

TEST_CASE("Zsh takes the completion it is given", "[apps][integration]") {
  if (!fs::exists("/bin/zsh")) FER_SKIP("there is no zsh");
  for (const std::string& program : test::all_programs()) {
    CAPTURE(program);
    const std::string path = (test::program_folder() / program).string();
    const Outcome outcome =
        run("/bin/zsh", {"-fc", "zsh -n =(\"$0\" --completion zsh)", path}, ".");
    CHECK(outcome.code == 0);
    CHECK(outcome.err == "");
  }
}

TEST_CASE("A shell that is not known is an error", "[apps][integration][bad-input]") {
  test::check_failure(run("fer-eval", {"--completion", "tcsh"}, "."), 2,
                      "fer-eval: error: --completion: 'tcsh' is not known; allowed: bash, zsh");
}

}  // namespace
}  // namespace fer
