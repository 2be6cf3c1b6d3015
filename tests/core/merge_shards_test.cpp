#include "fer/core/merge_shards.h"

#include <filesystem>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

// A line of JSON as fer-predict writes it, of a frame.
std::string json_record(const std::string& source, int frame = 0) {
  return R"({"source":")" + source + R"(","frame":)" + std::to_string(frame) + "}\n";
}

// Files of that name with these contents.
std::vector<fs::path> written(const TemporaryFolder& folder,
                              const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<fs::path> paths;
  for (const auto& [name, content] : files) {
    paths.push_back(folder / name);
    write_file(paths.back(), content);
  }
  return paths;
}

void check_refused(const std::vector<fs::path>& parts, const std::string& says) {
  CAPTURE(says);
  CHECK_THROWS_MATCHES(merge_shards(parts, "", false), Error,
                       MessageMatches(ContainsSubstring(says)));
}

TEST_CASE("Shards of a sorted folder are merged in its order", "[core][unit]") {
  const TemporaryFolder folder;
  const std::vector<fs::path> parts = written(
      folder,
      {{"f.2-of-3.jsonl", json_record("b.png")},
       {"f.1-of-3.jsonl", json_record("a.mp4", 0) + json_record("a.mp4", 1) + json_record("d")},
       {"f.3-of-3.jsonl", json_record("c.png")}});
  const MergedShards merged = merge_shards(parts, "", false);
  CHECK(merged.output == folder / "f.jsonl");
  CHECK(merged.parts == 3);
  CHECK(merged.records == 5);
  CHECK(merged.sorted);
  CHECK(read_file(folder / "f.jsonl", 1000) == json_record("a.mp4", 0) + json_record("a.mp4", 1) +
                                                   json_record("b.png") + json_record("c.png") +
                                                   json_record("d"));
}

TEST_CASE("Shards of sources in another order follow each other", "[core][unit]") {
  const TemporaryFolder folder;
  const std::vector<fs::path> parts =
      written(folder, {{"f.2-of-2.jsonl", json_record("a")},
                       {"f.1-of-2.jsonl", json_record("z") + json_record("b")}});
  CHECK_FALSE(merge_shards(parts, folder / "all.jsonl", false).sorted);
  CHECK(read_file(folder / "all.jsonl", 1000) ==
        json_record("z") + json_record("b") + json_record("a"));
}

TEST_CASE("Tables have one header, and quoted cells stay whole", "[core][unit]") {
  const TemporaryFolder folder;
  const std::string header = "source,frame\n";
  const std::string odd = "\"b \"\"x\"\",\ny\",0\n";
  const std::vector<fs::path> parts =
      written(folder, {{"f.1-of-3.csv", header + "a,0\nc,0\n"},
                       {"f.2-of-3.csv", header + odd},
                       {"f.3-of-3.csv", ""}});  // a shard of nothing has no header
  const MergedShards merged = merge_shards(parts, "", false);
  CHECK(merged.records == 3);
  CHECK(merged.sorted);
  CHECK(read_file(folder / "f.csv", 1000) == header + "a,0\n" + odd + "c,0\n");
}

TEST_CASE("Missing shards are reported, and may be allowed", "[core][unit]") {
  const TemporaryFolder folder;
  const std::vector<fs::path> parts =
      written(folder, {{"f.2-of-9.jsonl", json_record("a")}, {"f.7-of-9.jsonl", json_record("b")}});
  check_refused(parts, "f.jsonl: shards 1, 3 to 6, 8, 9 of 9 are missing; \"allow_missing\" joins");
  CHECK_FALSE(fs::exists(folder / "f.jsonl"));
  CHECK(merge_shards(parts, "", true).missing == std::vector<std::int64_t>{1, 3, 4, 5, 6, 8, 9});
}

TEST_CASE("Nothing that is there is overwritten, a part among it", "[core][unit]") {
  const TemporaryFolder folder;
  const std::vector<fs::path> parts = written(folder, {{"f.1-of-1.jsonl", json_record("a")}});
  const auto fails = [&](const fs::path& output, const std::string& says) {
    CHECK_THROWS_MATCHES(merge_shards(parts, output, false), Error,
                         MessageMatches(ContainsSubstring(says)));
  };
  fails(parts[0], "already exists");
  fails(folder / "f.csv", "another ending");
  write_file(folder / "f.jsonl", "before");
  fails("", "f.jsonl: already exists; nothing is overwritten");
  CHECK(read_file(folder / "f.jsonl", 100) == "before");
}

TEST_CASE("A table that is cut off anywhere is reported", "[core][unit]") {
  const std::string whole = "source,frame\na,0\n\"b\nc\",1\n";
  for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
    const TemporaryFolder folder;
    const std::vector<fs::path> parts = written(folder, {{"f.1-of-1.csv", whole.substr(0, bytes)}});
    CAPTURE(bytes);
    const bool between_records = bytes == 13 || bytes == 17;
    if (between_records) {
      CHECK_NOTHROW(merge_shards(parts, "", false));
    } else {
      check_refused(parts, "the file ends in the middle of a record");
    }
  }
}

TEST_CASE("What is not the rest of a whole is refused", "[core][unit]") {
  const TemporaryFolder folder;
  const std::string line = json_record("a");
  const auto paths = [&](const std::vector<std::string>& names) {
    std::vector<fs::path> parts;
    for (const std::string& name : names) parts.push_back(written(folder, {{name, line}})[0]);
    return parts;
  };
  check_refused({}, "no files");
  check_refused(paths({"plain.jsonl"}), "plain.jsonl: its name says no shard");
  check_refused(paths({"f.1-of-2.jsonl", "g.2-of-2.jsonl"}), "belongs to other shards than");
  check_refused(paths({"f.1-of-2.jsonl", "f.2-of-3.jsonl"}), "belongs to other shards than");
  check_refused(paths({"f.1-of-2.jsonl", "f.1-of-2.jsonl"}), "is the same shard as");
  check_refused(paths({"f.1-of-2.txt", "f.2-of-2.txt"}), "allowed: .jsonl (JSON Lines) and .csv");
  // Both have results of "a".
  check_refused(paths({"f.1-of-2.jsonl", "f.2-of-2.jsonl"}), "are they of one run?");
  CHECK_FALSE(fs::exists(folder / "f.jsonl"));
}

TEST_CASE("Broken shards are named with their line", "[core][unit]") {
  struct Row {
    std::string name, content, says;
  };
  const std::string line = json_record("a");
  const std::vector<Row> rows = {
      {"f.1-of-1.jsonl", line + "{\"source\":", "f.1-of-1.jsonl:2: the file ends in the middle"},
      {"f.1-of-1.jsonl", line + "nonsense\n", "f.1-of-1.jsonl:2: is no JSON object"},
      {"f.1-of-1.jsonl", "{\"source\":3}\n", "f.1-of-1.jsonl:1: \"source\" is missing"},
      {"f.1-of-1.csv", "source,frame\n\"a\nb\",0\nc,", "f.1-of-1.csv:4: the file ends"},
  };
  for (const Row& row : rows) {
    const TemporaryFolder folder;
    check_refused(written(folder, {{row.name, row.content}}), row.says);
  }
  const TemporaryFolder folder;
  check_refused(
      written(folder, {{"f.1-of-2.csv", "source,a\nx,0\n"}, {"f.2-of-2.csv", "source,b\ny,0\n"}}),
      "f.2-of-2.csv:1: has other columns than");
}

}  // namespace
}  // namespace fer
