#include "fer/model/find_model.h"

#include <filesystem>

#include "fer/core/data_folders.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/process_state.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::CurrentFolder;
using test::EnvironmentVariable;
using test::TemporaryFolder;

TEST_CASE("a model is found by its file, its run folder or its name", "[model][unit]") {
  const TemporaryFolder folder;
  const CurrentFolder current(folder.path());
  write_file("own.bin", "x");
  write_file("runs/a-1/best.safetensors", "x");
  write_file("models/tuned.safetensors", "x");
  CHECK(find_model("own.bin") == "own.bin");
  CHECK(find_model("runs/a-1") == "runs/a-1/best.safetensors");
  CHECK(find_model("runs/a-1/") == "runs/a-1/best.safetensors");
  CHECK(find_model("tuned") == std::filesystem::current_path() / "models/tuned.safetensors");
}

TEST_CASE("no name is the released default", "[model][unit]") {
  const TemporaryFolder folder;
  const EnvironmentVariable models("FER_MODELS", (folder / "own").string());
  write_file(folder / "own/nano.safetensors", "x");
  CHECK(find_model("") == folder / "own/nano.safetensors");
}

TEST_CASE("The current folder does not stand in for a released model", "[model][unit]") {
  const TemporaryFolder folder;
  const EnvironmentVariable models("FER_MODELS", std::nullopt);
  const CurrentFolder current(folder.path());
  write_file("models/nano.safetensors", "x");
  CHECK(find_model("nano") == std::filesystem::path(FER_SOURCE_DIR) / "models/nano.safetensors");
}

TEST_CASE("a model that is nowhere is an error that lists those there are", "[model][unit]") {
  const TemporaryFolder folder;
  // A folder below, so that "../one" is in the test's folder and not beside temporary folders.
  std::filesystem::create_directories(folder / "below");
  const CurrentFolder current(folder / "below");
  write_file("models/one.safetensors", "x");
  write_file("models/two.safetensors", "x");
  write_file("models/README.md", "x");
  std::filesystem::create_directories("runs/empty-1");
  for (const char* name : {"runs/empty-1", "."}) {
    CHECK_THROWS_MATCHES(find_model(name), Error,
                         MessageMatches(ContainsSubstring("has no best.safetensors")));
  }
  for (const char* name : {"three", "models/one", "../one"}) {
    CAPTURE(name);
    CHECK_THROWS_MATCHES(
        find_model(name), Error,
        MessageMatches(ContainsSubstring("\"model\" '" + std::string(name) + "'") &&
                       ContainsSubstring("one, ") && ContainsSubstring("two") &&
                       ContainsSubstring("; searched: " + data_folders_text(DataKind::models))));
  }
}

}  // namespace
}  // namespace fer::model
