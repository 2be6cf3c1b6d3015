#include "fer/train/run_folder.h"

#include <chrono>
#include <filesystem>
#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::train {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

TEST_CASE("each run gets the first number that is free", "[train][unit]") {
  const TemporaryFolder parent;
  const auto runs = parent / "deep" / "runs";
  CHECK(RunFolder::create(runs, "a").path() == runs / "a-1");
  CHECK(RunFolder::create(runs, "a").path() == runs / "a-2");
  CHECK(RunFolder::create(runs, "b").path() == runs / "b-1");
  write_file(runs / "a-3", "a file is in the way too");
  CHECK(RunFolder::create(runs, "a").path() == runs / "a-4");
  CHECK(std::filesystem::is_directory(runs / "a-4"));
}

TEST_CASE("a name that is no plain folder name is an error that names the flag", "[train][unit]") {
  const TemporaryFolder parent;
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "/etc/x", "../x"}) {
    CAPTURE(name);
    CHECK_THROWS_MATCHES(RunFolder::create(parent.path(), name), Error,
                         MessageMatches(ContainsSubstring("\"name\"")));
  }
  CHECK(parent.entries() == 0);
}

TEST_CASE("a parent that is a file is an error that names it", "[train][unit]") {
  const TemporaryFolder parent;
  write_file(parent / "file", "");
  CHECK_THROWS_MATCHES(RunFolder::create(parent / "file", "a"), Error,
                       MessageMatches(ContainsSubstring((parent / "file").string())));
}

TEST_CASE("Temporary files that a killed process left are removed, and nothing else",
          "[train][unit]") {
  const TemporaryFolder parent;
  const RunFolder run = RunFolder::create(parent.path(), "a");
  write_file(run.path() / ".last.ckpt.fer-Xa09Zz", "half");
  write_file(run.path() / ".notes.backup", "somebody's");
  write_file(run.checkpoint(), "whole");
  run.remove_leftovers();
  CHECK_FALSE(std::filesystem::exists(run.path() / ".last.ckpt.fer-Xa09Zz"));
  CHECK(std::filesystem::exists(run.path() / ".notes.backup"));
  CHECK(std::filesystem::exists(run.checkpoint()));
}

TEST_CASE("A run folder that was removed, or replaced by another one, is missed", "[train][unit]") {
  const TemporaryFolder parent;
  const RunFolder run = RunFolder::create(parent.path(), "a");
  CHECK_NOTHROW(run.check_there());
  std::filesystem::rename(run.path(), parent / "elsewhere");
  const auto is_missed =
      MessageMatches(ContainsSubstring("a-1: the run folder was removed while the run was"));
  CHECK_THROWS_MATCHES(run.check_there(), Error, is_missed);
  std::filesystem::create_directory(run.path());
  CHECK_THROWS_MATCHES(run.check_there(), Error, is_missed);
}

TEST_CASE("only a folder with a checkpoint can be opened", "[train][unit]") {
  const TemporaryFolder parent;
  const RunFolder run = RunFolder::create(parent.path(), "a");
  CHECK_THROWS_MATCHES(
      RunFolder::open(run.path()), Error,
      MessageMatches(ContainsSubstring(run.path().string()) && ContainsSubstring("last.ckpt")));
  CHECK_THROWS_AS(RunFolder::open(parent / "none"), Error);
  write_file(run.checkpoint(), "");
  CHECK(RunFolder::open(run.path()).results() == run.path() / "results.csv");
}

TEST_CASE("The newest run of a name is the one that was begun last, if it has a checkpoint",
          "[train][unit]") {
  using namespace std::chrono_literals;
  const TemporaryFolder parent;
  CHECK_FALSE(RunFolder::newest(parent / "none", "a"));
  CHECK_FALSE(RunFolder::newest(parent.path(), "a"));
  const auto now = std::filesystem::file_time_type::clock::now();
  const auto begin = [&](const std::string& name, std::chrono::seconds later, bool checkpoint) {
    const RunFolder run = RunFolder::create(parent.path(), name);
    write_file(run.config(), "{}");
    std::filesystem::last_write_time(run.config(), now + later);
    if (checkpoint) write_file(run.checkpoint(), "");
    return run;
  };
  begin("a", 5s, true);
  begin("a", 3s, true);
  begin("a-b", 9s, true);  // another name
  CHECK(RunFolder::newest(parent.path(), "a").value().path() == parent / "a-1");
  const RunFolder begun = begin("a", 7s, false);
  CHECK_FALSE(RunFolder::newest(parent.path(), "a"));
  write_file(begun.checkpoint(), "");
  CHECK(RunFolder::newest(parent.path(), "a").value().path() == parent / "a-3");
}

}  // namespace
}  // namespace fer::train
