#include "fer/core/data_folders.h"

#include <algorithm>
#include <set>

#include "fer/installed_folder.h"
#include "support/catch.h"
#include "support/process_state.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using test::CurrentFolder;
using test::EnvironmentVariable;

struct Kind {
  DataKind kind;
  const char* variable;
  const char* folder;
};

constexpr Kind kKinds[] = {{DataKind::models, "FER_MODELS", "models"},
                           {DataKind::detectors, "FER_DETECTORS", "detectors"}};

std::ptrdiff_t place_of(const fs::path& folder, const std::vector<fs::path>& folders) {
  const auto found = std::find(folders.begin(), folders.end(), folder);
  return found == folders.end() ? -1 : found - folders.begin();
}

TEST_CASE("The environment comes first, the current folder last", "[core][unit]") {
  const test::TemporaryFolder folder;
  const CurrentFolder here(folder.path());
  for (const Kind& kind : kKinds) {
    CAPTURE(kind.variable);
    const EnvironmentVariable variable(kind.variable, "/mine");
    const std::vector<fs::path> folders = data_folders(kind.kind);
    CHECK(folders.front() == "/mine");
    CHECK(folders.back() == fs::current_path() / "models");
    CHECK(std::set<fs::path>(folders.begin(), folders.end()).size() == folders.size());
  }
}

TEST_CASE("A variable that is empty or not set names no folder", "[core][unit]") {
  for (const Kind& kind : kKinds) {
    const EnvironmentVariable unset(kind.variable, std::nullopt);
    const std::vector<fs::path> folders = data_folders(kind.kind);
    const EnvironmentVariable empty(kind.variable, "");
    CHECK(data_folders(kind.kind) == folders);
    CHECK(place_of("", folders) == -1);
  }
}

TEST_CASE("A variable that names no folder is reported", "[core][unit]") {
  const test::TemporaryFolder folder;
  const EnvironmentVariable models("FER_MODELS", folder.path().string());
  const EnvironmentVariable none("FER_DETECTORS", std::nullopt);
  CHECK(wrong_data_variables().empty());
  const EnvironmentVariable gone("FER_MODELS", (folder / "gone").string());
  const EnvironmentVariable file("FER_DETECTORS", "/dev/null");
  CHECK(wrong_data_variables() ==
        std::vector<std::string>{
            "FER_MODELS is '" + (folder / "gone").string() + "', which is no folder",
            "FER_DETECTORS is '/dev/null', which is no folder"});
}

TEST_CASE("Programs of a build tree look in its source tree before any installation",
          "[core][unit]") {
  const fs::path tree = FER_SOURCE_DIR;
  for (const Kind& kind : kKinds) {
    const std::vector<fs::path> folders = data_folders(kind.kind);
    const auto installed = std::find_if(folders.begin(), folders.end(), [&](const fs::path& path) {
      return path.string().ends_with(std::string("share/fer/") + kind.folder);
    });
    REQUIRE(installed != folders.end());
    REQUIRE(place_of(tree / "models", folders) >= 0);
    CHECK(place_of(tree / "models", folders) < installed - folders.begin());
  }
  const std::vector<fs::path> folders = data_folders(DataKind::detectors);
  CHECK(place_of(tree / ".deps/detectors", folders) + 1 == place_of(tree / "models", folders));
}

TEST_CASE("A folder that a package registers is looked in, once", "[core][unit]") {
  CHECK(know_installed_folder("/moved/share/fer"));
  CHECK(know_installed_folder("/moved/share/fer"));
  for (const Kind& kind : kKinds) {
    const std::vector<fs::path> folders = data_folders(kind.kind);
    const fs::path moved = fs::path("/moved/share/fer") / kind.folder;
    CHECK(place_of(moved, folders) > 0);
    CHECK(std::count(folders.begin(), folders.end(), moved) == 1);
    CHECK(data_folders_text(kind.kind).find(moved.string()) != std::string::npos);
  }
}

}  // namespace
}  // namespace fer
