#include "fer/commands/data_command.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "data/csv_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/png_size.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using nlohmann::json;
using test::TemporaryFolder;

// A CSV row: the first pixel is `first`, the others `rest`.
std::string row(int label, int first, int rest, const char* usage) {
  std::string pixels = std::to_string(first);
  for (std::size_t i = 1; i < kFacePixels; ++i) pixels += " " + std::to_string(rest);
  return std::to_string(label) + "," + pixels + "," + usage + "\n";
}

// Rows 0, 2 and 3 are one image: in train as angry and as happy, and in test as angry. Row 4 is
// blank.
std::string flawed_csv(const TemporaryFolder& folder) {
  const std::string path = folder / "flawed.csv";
  write_file(path, "emotion,pixels,Usage\n" + row(0, 1, 200, "Training") +
                       row(3, 2, 200, "Training") + row(3, 1, 200, "Training") +
                       row(0, 1, 200, "PrivateTest") + row(6, 0, 0, "PublicTest"));
  return path;
}

TEST_CASE("fer-data check finds duplicates, leaks, contradictions and blank images",
          "[commands][integration]") {
  const TemporaryFolder folder;
  DataCheckOptions options;
  options.data.data = {flawed_csv(folder)};
  options.json = "-";
  test::RecordingConsole console;
  REQUIRE(run_data_check(options, console) == 0);
  const json found = json::parse(console.output.str());
  CHECK(found.at("data") == options.data.data[0]);
  CHECK(found.at("splits").at("train").at("total") == 3);
  CHECK(found.at("splits").at("train").at("per_class").at("happy") == 2);
  CHECK(found.at("splits").at("val").at("per_class").at("neutral") == 1);
  CHECK(found.at("splits").at("test").at("total") == 1);
  CHECK(found.at("leaked_images") == 1);
  CHECK(found.at("contradicting_images") == 3);
  CHECK(found.at("blank_rows") == json({4}));
  REQUIRE(found.at("duplicates").size() == 1);
  CHECK(found.at("duplicates")[0] ==
        json({{"rows", {0, 2, 3}}, {"crosses_splits", true}, {"labels_differ", true}}));
}

TEST_CASE("fer-data check says to people what it says to machines", "[commands][integration]") {
  const TemporaryFolder folder;
  DataCheckOptions options;
  options.data.data = {flawed_csv(folder)};
  options.json = folder / "found.json";
  test::RecordingConsole console;
  REQUIRE(run_data_check(options, console) == 0);
  const std::string text = console.output.str();
  const json found = json::parse(read_file(folder / "found.json", 1u << 20));
  CHECK_THAT(text, ContainsSubstring(found.at("fingerprint").get<std::string>()));
  CHECK_THAT(text, ContainsSubstring("1  val or test images are also in train"));
  CHECK_THAT(text, ContainsSubstring("1  images are blank"));
  CHECK_THAT(text, ContainsSubstring("happy"));
}

TEST_CASE("fer-data check --report writes a page, and doubts no labels of a handful of images",
          "[commands][integration]") {
  const TemporaryFolder folder;
  DataCheckOptions options;
  options.data.data = {flawed_csv(folder)};
  options.report = folder / "report";
  options.detector = "none";
  test::RecordingConsole console;
  REQUIRE(run_data_check(options, console) == 0);
  const std::string page = read_file(folder / "report/index.html", 1 << 20);
  CHECK_THAT(page, ContainsSubstring("too good: 1"));
  CHECK_THAT(page, ContainsSubstring("image 2, train"));
  CHECK_THAT(page, !ContainsSubstring("id=\"labels\""));
  CHECK_THAT(console.notices, ContainsSubstring("too few to learn from"));
  CHECK_THAT(page, ContainsSubstring("too few to learn from"));
}

TEST_CASE("fer-data check --report finds a label that was changed", "[commands][integration]") {
  const TemporaryFolder folder;
  DataSynthOptions synth;
  synth.output = folder / "faces";
  synth.count = 420;
  test::RecordingConsole console;
  REQUIRE(run_data_synth(synth, console) == 0);
  // Image 1 is happy's first; it is moved among the angry ones.
  namespace fs = std::filesystem;
  fs::path happy;
  for (const auto& entry : fs::directory_iterator(folder / "faces/happy")) {
    if (happy.empty() || entry.path() < happy) happy = entry.path();
  }
  fs::rename(happy, fs::path(folder / "faces/angry/zz-moved.png"));
  DataCheckOptions options;
  options.data.data = {synth.output};
  options.report = folder / "report";
  options.detector = "none";
  options.json = "-";
  console.output.str("");
  REQUIRE(run_data_check(options, console) == 0);
  const json doubted = json::parse(console.output.str()).at("doubted_labels");
  // Angry is the first class; its 60 images come before the one that was moved there.
  CHECK(std::any_of(doubted.begin(), doubted.end(), [](const json& one) {
    return one.at("row") == 60 && one.at("label") == "angry" && one.at("suggested") == "happy";
  }));
  CHECK(doubted.size() < 150);
  const std::string page = read_file(folder / "report/index.html", 8 << 20);
  CHECK_THAT(page, ContainsSubstring("labelled <strong>angry</strong>"));
  CHECK_THAT(page, ContainsSubstring("looks <strong>happy</strong>"));
}

TEST_CASE("fer-data check --report refuses a folder that cannot be one before it works",
          "[commands][integration]") {
  const TemporaryFolder folder;
  write_file(folder / "taken", "");
  DataCheckOptions options;
  options.data.data = {"synthetic:700"};
  test::RecordingConsole console;
  for (const std::string& bad : {std::string(folder / "taken"), std::string("/proc/report")}) {
    options.report = bad;
    CHECK_THROWS_MATCHES(run_data_check(options, console), Error,
                         MessageMatches(ContainsSubstring("\"report\"")));
  }
  CHECK(console.progress_reports == 0);
}

TEST_CASE("fer-data check --report ends early without a page", "[commands][integration]") {
  const TemporaryFolder folder;
  DataCheckOptions options;
  options.data.data = {"synthetic:350"};
  options.report = folder / "report";
  test::RecordingConsole console;
  console.stop = true;
  CHECK(run_data_check(options, console) == 130);
  CHECK_THAT(console.warnings, ContainsSubstring("no report is written"));
  CHECK_FALSE(std::filesystem::exists(folder / "report/index.html"));
}

TEST_CASE("fer-data check passes on a missing set as an error", "[commands][integration]") {
  DataCheckOptions options;
  options.data.data = {"/no/such/set"};
  test::RecordingConsole console;
  CHECK_THROWS_MATCHES(run_data_check(options, console), Error,
                       Catch::Matchers::MessageMatches(ContainsSubstring("/no/such/set")));
  CHECK(console.output.str().empty());
}

TEST_CASE("fer-data synth writes a folder that fer-data check reads", "[commands][integration]") {
  const TemporaryFolder folder;
  DataSynthOptions options;
  options.output = folder / "faces";
  options.count = 16;
  options.sheet = folder / "sheet.png";
  test::RecordingConsole console;
  REQUIRE(run_data_synth(options, console) == 0);
  CHECK(console.output.str() == options.output + "\n");
  CHECK(test::png_size(folder / "faces" / "angry" / "000014.png") == test::PngSize{48, 48});
  CHECK(std::filesystem::exists(folder / "faces" / "disgust" / "000015.png"));
  CHECK_FALSE(std::filesystem::exists(folder / "faces" / "fear" / "000016.png"));
  // Seven columns of 96 pixels with gaps of 2 between and around, three rows.
  CHECK(test::png_size(options.sheet) == test::PngSize{7 * 96 + 8 * 2, 3 * 96 + 4 * 2});

#if FER_WITH_VISION
  DataCheckOptions check;
  check.data.data = {options.output};
  check.json = "-";
  test::RecordingConsole checked;
  REQUIRE(run_data_check(check, checked) == 0);
  const json found = json::parse(checked.output.str());
  CHECK(found.at("splits").begin()->at("total") == 16);
  CHECK(found.at("splits").begin()->at("per_class").at("disgust") == 3);
  CHECK(found.at("duplicate_images") == 0);
#endif
}

TEST_CASE("fer-data pack writes a file that fer-data check reads as the same set",
          "[commands][integration]") {
  const TemporaryFolder folder;
  DataPackOptions options;
  options.data.data = {flawed_csv(folder)};
  options.output = folder / "made" / "flawed.safetensors";
  test::RecordingConsole console;
  REQUIRE(run_data_pack(options, console) == 0);
  CHECK(console.output.str() == options.output + "\n");
  CHECK_THAT(console.notices, ContainsSubstring("packed train (3), val (1), test (1)"));

  const auto found_in = [](const std::string& data) {
    DataCheckOptions check;
    check.data.data = {data};
    check.json = "-";
    test::RecordingConsole checked;
    REQUIRE(run_data_check(check, checked) == 0);
    json found = json::parse(checked.output.str());
    found.erase("data");
    return found;
  };
  CHECK(found_in(options.output) == found_in(options.data.data[0]));
}

TEST_CASE("fer-data pack keeps FER+'s votes, and fer-data check counts its labels",
          "[commands][integration]") {
  const TemporaryFolder folder;
  write_file(folder / "votes.csv",
             "neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
             "10,0,0,0,0,0,0,0,0,0\n10,0,0,0,0,0,0,0,0,0\n0,0,0,0,0,0,0,10,0,0\n"
             "0,0,0,0,0,0,0,0,10,0\n10,0,0,0,0,0,0,0,0,0\n");
  DataPackOptions options;
  options.data.data = {flawed_csv(folder)};
  options.data.ferplus = folder / "votes.csv";
  options.output = folder / "voted.safetensors";
  test::RecordingConsole console;
  REQUIRE(run_data_pack(options, console) == 0);
  CHECK_THAT(console.notices, ContainsSubstring("with FER+ votes"));

  DataCheckOptions check;
  check.data.data = {options.output};
  check.data.labels = data::LabelSource::ferplus8;
  check.json = "-";
  test::RecordingConsole checked;
  REQUIRE(run_data_check(check, checked) == 0);
  const json splits = json::parse(checked.output.str()).at("splits");
  CHECK(splits.at("train").at("per_class").at("neutral") == 2);
  CHECK(splits.at("train").at("per_class").at("contempt") == 1);
  CHECK_FALSE(splits.contains("test"));  // its one image is unknown
  CHECK_THAT(checked.notices, ContainsSubstring("1 image without one is left out"));
}

TEST_CASE("fer-data pack overwrites nothing and leaves no file behind a mistake",
          "[commands][integration]") {
  const TemporaryFolder folder;
  DataPackOptions options;
  options.data.data = {flawed_csv(folder)};
  options.output = options.data.data[0];
  test::RecordingConsole console;
  CHECK_THROWS_MATCHES(run_data_pack(options, console), Error,
                       Catch::Matchers::MessageMatches(ContainsSubstring("\"output\"") &&
                                                       ContainsSubstring("already exists")));
  options.output = folder / "new.safetensors";
  options.data.data = {"/no/such/set"};
  CHECK_THROWS_AS(run_data_pack(options, console), Error);
  CHECK(folder.entries() == 1);  // the CSV
}

TEST_CASE("fer-data synth overwrites nothing", "[commands][integration]") {
  const TemporaryFolder folder;
  DataSynthOptions options;
  options.output = folder.path();
  test::RecordingConsole console;
  CHECK_THROWS_MATCHES(run_data_synth(options, console), Error,
                       Catch::Matchers::MessageMatches(ContainsSubstring("\"output\"") &&
                                                       ContainsSubstring("already exists")));
  CHECK(folder.entries() == 0);
}

TEST_CASE("fer-data check names rows of the file, whatever was left out of it",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string face = test::pixel_text(1);
  std::string blank = "0";
  for (std::size_t i = 1; i < kFacePixels; ++i) blank += " 0";
  std::string text = "emotion,pixels\n";
  for (const std::string& row : {"glum," + face, "0," + face, "glum," + face,
                                 "1," + test::pixel_text(5), "0," + face, "2," + blank}) {
    text += row + "\n";
  }
  DataCheckOptions options;
  options.data.data = {test::save(folder / "a.csv", text).string()};
  options.data.unknown_classes = data::UnknownClasses::skip;
  options.json = "-";
  test::RecordingConsole console;
  REQUIRE(run_data_check(options, console) == 0);
  const json one = json::parse(console.output.str());
  CHECK(one.at("duplicates").at(0).at("rows") == json::array({1, 4}));
  CHECK(one.at("blank_rows") == json::array({5}));
  options.data.data.push_back(options.data.data[0]);
  test::RecordingConsole both;
  REQUIRE(run_data_check(options, both) == 0);
  const json two = json::parse(both.output.str());
  CHECK(two.at("duplicates").at(0).at("rows") == json::array({1, 4, 7, 10}));
  CHECK(two.at("blank_rows") == json::array({5, 11}));
}

}  // namespace
}  // namespace fer::commands
