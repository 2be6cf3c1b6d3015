#include "fer/commands/data_export.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/set_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/data/open_data.h"
#include "fer/data/packed_file.h"
#include "support/catch.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::make_set;
using test::RecordingConsole;
using test::TemporaryFolder;

// Ctrl-C as soon as there is progress.
class InterruptingConsole final : public RecordingConsole {
 public:
  void progress(const Progress&) override { stop = true; }
};

// Options that export `set`, by way of a packed file.
DataExportOptions exporting(const TemporaryFolder& folder, const data::FaceSet& set) {
  const fs::path path = folder / "set.safetensors";
  data::write_packed_file(path, set);
  DataExportOptions options;
  options.common.threads = 2;
  options.data.data = {path.string()};
  options.output = folder / "faces";
  return options;
}

std::int64_t pictures_below(const fs::path& folder) {
  std::int64_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".png") ++count;
  }
  return count;
}

void check_refused(const data::FaceSet& set, const std::string& message) {
  const TemporaryFolder folder;
  RecordingConsole console;
  CHECK_THROWS_MATCHES(run_data_export(exporting(folder, set), console), Error,
                       MessageMatches(ContainsSubstring(message)));
  CHECK(folder.entries() == 1);  // the packed file
}

TEST_CASE("fer-data export refuses an existing folder", "[commands][integration]") {
  const TemporaryFolder folder;
  DataExportOptions options = exporting(folder, make_set({{1, 0, data::Split::train}}));
  fs::create_directory(folder / "faces");
  RecordingConsole console;
  CHECK_THROWS_MATCHES(
      run_data_export(options, console), Error,
      MessageMatches(ContainsSubstring("\"output\"") && ContainsSubstring("already exists")));
  CHECK(fs::is_empty(folder / "faces"));
}

TEST_CASE("Images with and without a split do not go into one folder", "[commands][integration]") {
  check_refused(make_set({{1, 0, data::Split::train}, {2, 0, data::Split::none}}),
                "images without a split beside others (train (1), unsplit (1))");
}

TEST_CASE("No class name leads out of the exported folder or reads back as something else",
          "[commands][integration]") {
  const auto named = [](const std::string& name, data::Split split) {
    data::FaceSet set = make_set({{1, 0, split}, {2, 1, split}});
    set.label_set = LabelSet({"happy", name});
    return set;
  };
  check_refused(named("../../etc", data::Split::train), "class '../../etc' cannot be a folder");
  check_refused(named("..", data::Split::train), "class '..' cannot be a folder");
  check_refused(named("a/b", data::Split::none), "class 'a/b' cannot be a folder");
  check_refused(named(".hidden", data::Split::none), "class '.hidden' cannot be a folder");
  check_refused(named("Test", data::Split::none),
                "class 'Test' would be a folder that is read as a split");
}

TEST_CASE("A set with splits is exported as SPLIT/CLASS/ROW.png, one without as CLASS/ROW.png",
          "[commands][integration]") {
  const TemporaryFolder with;
  const DataExportOptions options = exporting(
      with,
      make_set({{1, 6, data::Split::test}, {2, 3, data::Split::train}, {3, 3, data::Split::val}}));
  RecordingConsole console;
  REQUIRE(run_data_export(options, console) == 0);
  for (const char* name :
       {"test/neutral/000000.png", "train/happy/000001.png", "val/happy/000002.png"}) {
    CHECK(fs::is_regular_file(with / "faces" / name));
  }
  CHECK(pictures_below(with / "faces") == 3);
  CHECK(console.output.str() == options.output + "\n");
  CHECK(console.progress_reports > 0);

  const TemporaryFolder without;
  RecordingConsole other;
  REQUIRE(run_data_export(exporting(without, make_set({{1, 0, data::Split::none}})), other) == 0);
  CHECK(fs::is_regular_file(without / "faces" / "angry" / "000000.png"));
}

TEST_CASE("FER2013's CSV is written as Kaggle has it", "[commands][integration]") {
  const TemporaryFolder folder;
  DataExportOptions options =
      exporting(folder, make_set({{7, 6, data::Split::test}, {200, 3, data::Split::train}}));
  options.format = FaceSetFormat::csv;
  options.output = folder / "faces.csv";
  RecordingConsole console;
  REQUIRE(run_data_export(options, console) == 0);
  CHECK(console.output.str() == options.output + "\n");
  const std::string text = read_file(options.output, 1 << 20);
  CHECK(text.starts_with("emotion,pixels,Usage\n6,7 7 7 "));
  CHECK_THAT(text, ContainsSubstring(" 7 248,PrivateTest\n3,200 200 "));
  CHECK(text.ends_with(" 200 55,Training\n"));
}

TEST_CASE("A CSV reads back as the set it was written from", "[commands][integration]") {
  const auto check = [](const data::FaceSet& set) {
    const TemporaryFolder folder;
    DataExportOptions options = exporting(folder, set);
    options.format = FaceSetFormat::csv;
    options.output = folder / "faces.csv";
    RecordingConsole console;
    REQUIRE(run_data_export(options, console) == 0);
    data::DataOptions exported;
    exported.data = {options.output};
    const data::FaceSet read = data::read_data(exported, 1).set;
    CHECK(read.images.all().equal(set.images.all()));
    CHECK(read.labels.equal(set.labels));
    CHECK(read.splits.equal(set.splits));
    CHECK(read.label_set == set.label_set);
  };
  check(make_set(
      {{1, 0, data::Split::train}, {99, 5, data::Split::val}, {255, 6, data::Split::test}}));
  check(make_set({{0, 4, data::Split::none}, {10, 1, data::Split::none}}));
}

TEST_CASE("COCO's JSON names each picture's file, class and box", "[commands][integration]") {
  const TemporaryFolder folder;
  DataExportOptions options =
      exporting(folder, make_set({{1, 6, data::Split::test}, {2, 3, data::Split::train}}));
  options.format = FaceSetFormat::coco;
  RecordingConsole console;
  REQUIRE(run_data_export(options, console) == 0);
  const auto coco =
      nlohmann::json::parse(read_file(folder / "faces/annotations/instances_train.json", 1 << 20));
  REQUIRE(coco["images"].size() == 1);
  CHECK(coco["images"][0] ==
        nlohmann::json(
            {{"id", 2}, {"file_name", "train/happy/000001.png"}, {"width", 48}, {"height", 48}}));
  CHECK(fs::is_regular_file(folder / "faces" / "train/happy/000001.png"));
  CHECK(coco["annotations"][0] == nlohmann::json({{"id", 2},
                                                  {"image_id", 2},
                                                  {"category_id", 4},
                                                  {"bbox", {0, 0, 48, 48}},
                                                  {"area", 2304},
                                                  {"iscrowd", 0}}));
  CHECK(coco["categories"].size() == 7);
  CHECK(coco["categories"][3] == nlohmann::json({{"id", 4}, {"name", "happy"}}));
  CHECK(fs::exists(folder / "faces/annotations/instances_test.json"));
  CHECK_FALSE(fs::exists(folder / "faces/annotations/instances_val.json"));
}

TEST_CASE("A detector is refused where there is no box to find", "[commands][integration]") {
  const TemporaryFolder folder;
  DataExportOptions options = exporting(folder, make_set({{1, 0, data::Split::train}}));
  options.detector = "haar";
  RecordingConsole console;
  CHECK_THROWS_MATCHES(run_data_export(options, console), Error,
                       MessageMatches(ContainsSubstring("\"format\" coco")));
}

TEST_CASE("An interrupted CSV leaves no file", "[commands][integration]") {
  const TemporaryFolder folder;
  DataExportOptions options;
  options.data.data = {"synthetic:210"};
  options.format = FaceSetFormat::csv;
  options.output = folder / "faces.csv";
  InterruptingConsole console;
  CHECK(run_data_export(options, console) == 130);
  CHECK(folder.entries() == 0);
}

TEST_CASE("An interrupted export exits 130 and says how far it came", "[commands][integration]") {
  const TemporaryFolder folder;
  DataExportOptions options;
  options.data.data = {"synthetic:210"};
  options.output = folder / "faces";
  InterruptingConsole console;
  CHECK(run_data_export(options, console) == 130);
  const std::int64_t written = pictures_below(folder / "faces");
  CHECK(written > 0);
  CHECK(written < 210);
  CHECK_THAT(console.warnings, ContainsSubstring("interrupted: " + options.output + " has " +
                                                 std::to_string(written) + " of 210 images"));
  CHECK(console.output.str().empty());
}

#if FER_WITH_VISION

TEST_CASE("With a detector a box is what it finds, else the whole image without a score",
          "[commands][integration]") {
  const TemporaryFolder folder;
  DataExportOptions options;
  options.data.data = {"synthetic:70"};
  options.format = FaceSetFormat::coco;
  options.output = folder / "faces";
  options.detector = "haar";
  RecordingConsole console;
  REQUIRE(run_data_export(options, console) == 0);
  CHECK_THAT(console.notices, ContainsSubstring(" of 70 images; the box of each of the others"));
  std::int64_t faces = 0;
  for (const char* split : {"train", "val", "test"}) {
    const fs::path file =
        folder / "faces/annotations" / (std::string("instances_") + split + ".json");
    const auto coco = nlohmann::json::parse(read_file(file, 1 << 20));
    for (const auto& one : coco["annotations"]) {
      ++faces;
      const std::vector<int> box = one["bbox"];
      CHECK(box[0] + box[2] <= 48);
      CHECK(box[1] + box[3] <= 48);
      CHECK(one["area"] == box[2] * box[3]);
      if (!one.contains("score")) CHECK(box == std::vector<int>{0, 0, 48, 48});
    }
  }
  CHECK(faces == 70);
}

// The rows of `set` in the order in which a folder is read: splits and classes by name.
std::vector<std::int64_t> rows_as_read(const data::FaceSet& set) {
  std::vector<std::string> keys;
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < set.size(); ++row) {
    const auto label = set.labels[row].item<std::int64_t>();
    const auto split = static_cast<data::Split>(set.splits[row].item<std::int64_t>());
    keys.push_back(std::string(data::split_name(split)) + "/" +
                   set.label_set.name(static_cast<std::size_t>(label)));
    rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](std::int64_t a, std::int64_t b) {
    return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)];
  });
  return rows;
}

TEST_CASE("What is exported reads back as the same images, labels and splits",
          "[commands][integration]") {
  const TemporaryFolder folder;
  DataExportOptions options;
  options.common.threads = 3;
  options.data.data = {"synthetic:140"};
  options.output = folder / "faces";
  RecordingConsole console;
  REQUIRE(run_data_export(options, console) == 0);
  const data::FaceSet set = data::read_data(options.data, 1).set;
  data::DataOptions exported;
  exported.data = {options.output};
  const data::FaceSet read = data::read_data(exported, 1).set;
  const data::FaceSet expected = set.select(at::tensor(rows_as_read(set), at::kLong));
  REQUIRE(read.size() == 140);
  CHECK(read.images.all().equal(expected.images.all()));
  CHECK(read.labels.equal(expected.labels));
  CHECK(read.splits.equal(expected.splits));
}

#endif

}  // namespace
}  // namespace fer::commands
