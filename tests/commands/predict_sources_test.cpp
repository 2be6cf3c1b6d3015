#include <algorithm>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>

#include "detect/detector_fixtures.h"
#include "fer/commands/predict_command.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/merge_shards.h"
#include "fer/detect/detector_names.h"
#include "fer/detect/open_detector.h"
#include "fer/output/prediction_writer.h"
#include "fer/runtime/cpu.h"
#include "fer/source/open_source.h"
#include "source/frame_fixtures.h"
#include "source/video_fixtures.h"
#include "support/catch.h"
#include "support/recording_console.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::MessageMatches;
using Catch::Matchers::StartsWith;
using nlohmann::json;
using test::encoded;
using test::plain_picture;
using test::RecordingConsole;
using test::save;
using test::TemporaryFolder;

// Bright faces are happy, dark ones sad.
std::vector<std::vector<float>> by_brightness(FacesView faces) {
  std::vector<std::vector<float>> rows;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    std::vector<float> row(7, 0.05F);
    row[faces[i].bytes[0] > 127 ? 3 : 4] = 0.7F;
    rows.push_back(row);
  }
  return rows;
}

// Warm on the right half.
std::vector<std::vector<float>> half_warm(FacesView faces, std::span<const std::int64_t>) {
  std::vector<float> map(kFacePixels);
  for (std::size_t i = 0; i < kFacePixels; ++i)
    map[i] = i % kFaceSide < kFaceSide / 2 ? 0.0F : 1.0F;
  return {faces.size(), map};
}

PredictOptions options_for(std::vector<std::string> sources, const std::string& output = "") {
  PredictOptions options;
  options.sources = std::move(sources);
  options.output = output;
  return options;
}

struct Outcome {
  int code;
  std::vector<json> lines;
};

Outcome predict(PredictOptions options, RecordingConsole& console, const std::string& names = "",
                const infer::ClassifyFaces& classify = by_brightness) {
  options.format = "jsonl";
  if (options.faces.detector == "auto") options.faces.detector = "none";
  std::istringstream input(names);
  const int code = predict_sources(options, {LabelSet(), classify, half_warm}, input, console);
  return {code, console.lines()};
}

std::string save_picture(const std::string& path, double grey) {
  return save(path, encoded(".png", plain_picture(20, 10, grey)));
}

TEST_CASE("every picture of a folder becomes a line in order", "[commands][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "1.png").string(), 250);
  save_picture((folder / "2.png").string(), 10);
  RecordingConsole console;
  const Outcome outcome = predict(options_for({folder.path().string()}), console);
  CHECK(outcome.code == 0);
  REQUIRE(outcome.lines.size() == 2);
  CHECK(outcome.lines[0]["faces"][0]["label"] == "happy");
  CHECK(outcome.lines[1]["faces"][0]["label"] == "sad");
  CHECK(outcome.lines[1]["source"] == (folder / "2.png").string());
  CHECK(outcome.lines[0]["faces"][0]["box"] == json::array({0, 0, 20, 10}));
  CHECK(console.notices == "2 pictures, 2 faces: happy 50.0 % (1), sad 50.0 % (1)\n");
  CHECK(console.warnings.empty());
}

TEST_CASE("shards of a folder are each file once, in files of their own", "[commands][unit]") {
  const TemporaryFolder folder, results;
  for (int i = 0; i < 12; ++i) {
    save_picture((folder / (std::to_string(i) + ".png")).string(), 20.0 * i);
  }
  RecordingConsole whole_console;
  predict(options_for({folder.path().string()}), whole_console);
  std::vector<std::filesystem::path> parts;
  for (int number = 1; number <= 3; ++number) {
    PredictOptions options = options_for({folder.path().string()});
    options.shard = std::to_string(number) + "/3";
    options.results = (results / "faces.jsonl").string();
    RecordingConsole console;
    CHECK(predict(options, console).code == 0);
    CHECK(console.output.str().empty());
    CHECK_THAT(console.notices,
               ContainsSubstring(": shard " + std::to_string(number) + " of 3 is ") &&
                   ContainsSubstring(" of 12 files"));
    parts.push_back(results / ("faces." + std::to_string(number) + "-of-3.jsonl"));
  }
  merge_shards(parts, "", false);
  CHECK(read_file(results / "faces.jsonl", 100'000) == whole_console.output.str());
}

TEST_CASE("names on standard input and single files are divided, too", "[commands][unit]") {
  const TemporaryFolder folder;
  std::vector<std::string> paths;
  std::string names;
  for (int i = 0; i < 8; ++i) {
    paths.push_back(save_picture((folder / (std::to_string(i) + ".png")).string(), 200));
    names += paths.back() + "\n";
  }
  std::size_t listed = 0, named = 0;
  for (int number = 1; number <= 2; ++number) {
    PredictOptions by_list = options_for({"-"}), by_name = options_for(paths);
    by_list.shard = by_name.shard = std::to_string(number) + "/2";
    RecordingConsole first, second;
    const Outcome list = predict(by_list, first, names), single = predict(by_name, second);
    CHECK(list.lines == single.lines);
    listed += list.lines.size();
    named += single.lines.size();
  }
  CHECK(listed == 8);
  CHECK(named == 8);
}

TEST_CASE("results of a run that is stopped do not take their name", "[commands][unit]") {
  const TemporaryFolder folder, results;
  save_picture((folder / "1.png").string(), 250);
  PredictOptions options = options_for({folder.path().string()});
  options.results = (results / "faces.jsonl").string();
  RecordingConsole console;
  console.stop = true;
  CHECK(predict(options, console).code == 130);
  CHECK_FALSE(std::filesystem::exists(options.results));
  CHECK_THAT(console.warnings, ContainsSubstring("faces.jsonl is not written"));
}

struct FormatCase {
  std::string format, results, written;
};

TEST_CASE("the results have the format that is asked for, else that of the file's ending",
          "[commands][unit]") {
  const auto [format, results, written] = GENERATE(values<FormatCase>({{"auto", "", "text"},
                                                                       {"auto", "-", "text"},
                                                                       {"auto", "f.CSV", "csv"},
                                                                       {"auto", "f.jsonl", "jsonl"},
                                                                       {"auto", "f.log", "text"},
                                                                       {"csv", "f.log", "csv"},
                                                                       {"jsonl", "-", "jsonl"}}));
  CAPTURE(format, results);
  PredictOptions options = options_for({"a.png"});
  options.format = format;
  options.results = results;
  CHECK_NOTHROW(options.validate());
  CHECK(options.results_format() == written);
  CHECK(options.results_file() == (results == "-" ? "" : results));
}

TEST_CASE("a file of results whose ending promises another format is refused", "[commands][unit]") {
  const auto [format, results, message] = GENERATE(table<std::string, std::string, std::string>(
      {{"text", "f.csv", "would hold text; give \"format\" csv, or another ending"},
       {"csv", "f.jsonl", "would hold csv; give \"format\" jsonl"},
       {"auto", "f.json", "would hold text; JSON Lines are named .jsonl"}}));
  CAPTURE(format, results);
  PredictOptions options = options_for({"a.png"});
  options.format = format;
  options.results = results;
  CHECK_THROWS_MATCHES(options.validate(), Error, MessageMatches(ContainsSubstring(message)));
}

TEST_CASE("why a picture could not be read is reported where the results are not looked at",
          "[commands][unit]") {
  const TemporaryFolder folder;
  for (int i = 0; i < 25; ++i) save((folder / (std::to_string(i) + ".png")).string(), "no picture");
  RecordingConsole console;
  CHECK(predict(options_for({folder.path().string()}), console).code == 1);
  CHECK_THAT(console.warnings, StartsWith((folder / "0.png").string() + ": "));
  CHECK_THAT(console.warnings, ContainsSubstring("\nfurther errors are in the results alone\n") &&
                                   ContainsSubstring("25 of 25 files could not be read"));
  CHECK(std::count(console.warnings.begin(), console.warnings.end(), '\n') == 20 + 2);
}

TEST_CASE("what cannot be divided says so", "[commands][unit]") {
  PredictOptions options = options_for({"rtsp://user:secret@camera"});
  options.shard = "1/2";
  RecordingConsole console;
  CHECK_THROWS_MATCHES(predict(options, console), Error,
                       MessageMatches(ContainsSubstring("\"shard\": rtsp://user:***@camera") &&
                                      ContainsSubstring("cannot be divided into shards")));
}

TEST_CASE("a folder's other files are reported, and its videos read", "[commands][unit]") {
  const TemporaryFolder folder, annotated;
  save_picture((folder / "1").string(), 250);
  test::save_video((folder / "2.avi").string(), 3);
  save_picture((folder / "3.jfif").string(), 10);
  save((folder / "notes.txt").string(), "words");
  RecordingConsole console;
  const Outcome outcome =
      predict(options_for({folder.path().string()}, (annotated / "out/").string()), console);
  CHECK(outcome.code == 0);
  CHECK(outcome.lines.size() == 5);
  CHECK_THAT(console.notices,
             ContainsSubstring("left out: 1 file that is not a picture ('notes.txt')"));
  for (const char* name : {"1.png", "2.mp4", "3.png"}) {
    CHECK(std::filesystem::exists(annotated / "out" / name));
  }
  PredictOptions without = options_for({folder.path().string()});
  without.videos = false;
  RecordingConsole other;
  CHECK(predict(without, other).lines.size() == 2);
  CHECK_THAT(other.notices, ContainsSubstring("1 video ('2.avi')"));
}

TEST_CASE("what is too small to be found is reported once", "[commands][unit]") {
  if (test::cascade_is_missing()) FER_SKIP("no cascade on this machine");
  const TemporaryFolder folder;
  for (const char* name : {"1.png", "2.png"}) {
    save((folder / name).string(), encoded(".png", plain_picture(4000, 3000, 90)));
  }
  PredictOptions options = options_for({folder.path().string()});
  options.faces.detector = "haar";
  RecordingConsole console;
  predict(options, console);
  const std::string told = "1.png: in 4000x3000 pixels, faces smaller than about 125 are not found";
  CHECK_THAT(console.notices, ContainsSubstring(told));
  CHECK_THAT(console.notices, !ContainsSubstring("2.png: in"));
}

TEST_CASE("batches of any size give the same lines", "[commands][unit]") {
  const TemporaryFolder folder;
  for (int i = 0; i < 7; ++i) save_picture(folder / (std::to_string(i) + ".png"), 40.0 * i);
  save((folder / "3x.png").string(), "broken");
  const auto with_batch = [&](std::int64_t size) {
    PredictOptions options = options_for({folder.path().string()});
    options.batch_size = size;
    return options;
  };
  RecordingConsole one;
  RecordingConsole many;
  predict(with_batch(1), one);
  predict(with_batch(1000), many);
  CHECK(one.output.str() == many.output.str());
}

TEST_CASE("a broken file is an error line, the others go on, and the exit code is 1",
          "[commands][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "1.png").string(), 250);
  save((folder / "2.jpg").string(), "no picture");
  save_picture((folder / "3.png").string(), 10);
  RecordingConsole console;
  const Outcome outcome = predict(options_for({folder.path().string()}), console);
  CHECK(outcome.code == 1);
  REQUIRE(outcome.lines.size() == 3);
  CHECK_FALSE(outcome.lines[0].contains("error"));
  CHECK_THAT(outcome.lines[1]["error"].get<std::string>(), ContainsSubstring("2.jpg"));
  CHECK_FALSE(outcome.lines[2].contains("error"));
  CHECK_THAT(console.warnings, ContainsSubstring("1 of 3 files could not be read\n"));
}

TEST_CASE("what could not be read is counted in files, whatever frames they gave",
          "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string picture = save_picture((folder / "a.png").string(), 250);
  const std::string broken = save((folder / "b.png").string(), "no picture");
  const std::string video = test::save_video((folder / "c.avi").string(), 6);
  const std::string cut = test::save_video((folder / "d.avi").string(), 40);
  std::filesystem::resize_file(cut, std::filesystem::file_size(cut) / 2);
  struct Case {
    std::vector<std::string> sources;
    std::string counts, warning;
  };
  for (const Case& row :
       std::vector<Case>{{{picture}, "1 picture, 1 face: ", ""},
                         {{broken}, "0 pictures, 0 faces\n", "1 of 1 file could not be read\n"},
                         {{picture, video}, "1 picture, 6 frames, 7 faces: ", ""},
                         {{cut}, " frames, ", "1 of 1 file could not be read to its end\n"},
                         {{picture, broken, picture, video},
                          "2 pictures, 6 frames, 8 faces: ",
                          "1 of 4 files could not be read\n"},
                         {{broken, cut, cut, picture},
                          "1 picture, ",
                          "1 of 4 files could not be read, 2 not to their ends\n"}}) {
    CAPTURE(row.sources);
    RecordingConsole console;
    CHECK(predict(options_for(row.sources), console).code == (row.warning.empty() ? 0 : 1));
    CHECK_THAT(console.notices, ContainsSubstring(row.counts));
    CHECK(console.warnings.empty() == row.warning.empty());
    CHECK_THAT(console.warnings, EndsWith(row.warning));
  }
}

TEST_CASE("a picture without a face is an empty list and no failure", "[commands][unit]") {
  const TemporaryFolder folder;
  try {
    detect::make_detector({.name = "haar", .model = {}, .side = 0});
  } catch (const Error&) {
    FER_SKIP("no Haar cascade on this machine");
  }
  RecordingConsole console;
  PredictOptions options = options_for({save_picture((folder / "1.png").string(), 99)});
  options.faces.detector = "haar";
  const Outcome outcome = predict(options, console);
  CHECK(outcome.code == 0);
  CHECK(outcome.lines.at(0)["faces"] == json::array());
  CHECK(console.notices == "1 picture, 0 faces\n");
}

TEST_CASE("faces are found in the precision that is asked for", "[commands][integration]") {
  const auto photo = test::shared_photo("one_face_480p.jpg");
  const auto yunet = test::yunet_file(320);
  if (!photo || !yunet) FER_SKIP("no shared photos or YuNet files on this machine");
  const auto score = [&](infer::Precision precision) {
    PredictOptions options = options_for({*photo});
    options.faces.detector = "yunet";
    options.faces.detector_model = *yunet;
    options.precision = precision;
    RecordingConsole console;
    const Outcome outcome = predict(options, console);
    REQUIRE(outcome.lines.at(0)["faces"].size() == 1);
    return outcome.lines[0]["faces"][0]["score"].get<double>();
  };
  const double exact = score(infer::Precision::float32);
  const bool has_bfloat16 = runtime::runs_bfloat16(runtime::chosen_instructions());
  CHECK((score(infer::Precision::automatic) != exact) == has_bfloat16);
  CHECK(score(infer::Precision::automatic) == Catch::Approx(exact).margin(0.02));
  CHECK(score(infer::Precision::int8) == exact);
}

TEST_CASE("names on standard input are sources among others", "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string a = save_picture((folder / "a.png").string(), 9);
  const std::string b = save_picture((folder / "b.png").string(), 9);
  RecordingConsole console;
  const Outcome outcome = predict(options_for({b, "-"}), console, a + "\n");
  REQUIRE(outcome.lines.size() == 2);
  CHECK(outcome.lines[0]["source"] == b);
  CHECK(outcome.lines[1]["source"] == a);
}

TEST_CASE("an annotated picture is written where it is asked for", "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string source = save_picture((folder / "in.png").string(), 200);
  const std::string out = (folder / "out.jpg").string();
  RecordingConsole console;
  CHECK(predict(options_for({source}, out), console).code == 0);
  CHECK(std::filesystem::file_size(out) > 0);
  CHECK(console.warnings.empty());

  RecordingConsole again;
  CHECK(predict(options_for({source}, out), again).code == 0);
  CHECK_THAT(again.warnings, ContainsSubstring("out.jpg is replaced"));
}

TEST_CASE("the source itself is never replaced", "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string source = save_picture((folder / "in.png").string(), 200);
  const auto before = std::filesystem::file_size(source);
  RecordingConsole console;
  CHECK_THROWS_MATCHES(predict(options_for({source}, (folder / "./in.png").string()), console),
                       Error, MessageMatches(ContainsSubstring("is the source itself")));
  CHECK(std::filesystem::file_size(source) == before);

  // Into its own folder: under another name.
  RecordingConsole into;
  predict(options_for({folder.path().string()}, folder.path().string()), into);
  CHECK(std::filesystem::file_size(source) == before);
  CHECK(std::filesystem::exists((folder / "in-2.png").string()));
}

TEST_CASE("several sources need a folder for their output", "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string a = save_picture((folder / "a.png").string(), 9);
  const std::string b = save_picture((folder / "b.png").string(), 9);
  RecordingConsole console;
  CHECK(predict(options_for({a, b}, (folder / "out").string()), console).code == 0);
  CHECK(std::filesystem::exists((folder / "out/a.png").string()));
  CHECK(std::filesystem::exists((folder / "out/b.png").string()));
}

TEST_CASE("a stop ends after the frames in hand with a playable video", "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string video = test::save_video((folder / "in.avi").string(), 200);
  RecordingConsole console;
  int classified = 0;
  const auto stop_at_fourth = [&](FacesView faces) {
    if (++classified == 4) console.stop = true;
    return by_brightness(faces);
  };
  PredictOptions options = options_for({video}, (folder / "out.avi").string());
  options.batch_size = 1;
  const Outcome outcome = predict(options, console, "", stop_at_fourth);
  CHECK(outcome.code == 130);
  CHECK(outcome.lines.size() >= 4);
  CHECK(outcome.lines.size() < 40);
  std::istringstream names;
  const auto written =
      test::all_frames(*source::open_source((folder / "out.avi").string(), {}, names));
  CHECK(written.size() == outcome.lines.size());
}

TEST_CASE("every N-th frame of a video is predicted", "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string video = test::save_video((folder / "in.avi").string(), 9);
  RecordingConsole console;
  PredictOptions options = options_for({video});
  options.every = 4;
  const Outcome outcome = predict(options, console);
  REQUIRE(outcome.lines.size() == 3);
  CHECK(outcome.lines[1]["frame"] == 4);
  CHECK(outcome.lines[2]["frame"] == 8);
}

TEST_CASE("faces of a video are followed, and shares of the labels are reported at the end",
          "[commands][unit]") {
  const TemporaryFolder folder;
  RecordingConsole console;
  const Outcome outcome =
      predict(options_for({test::save_video((folder / "in.avi").string(), 9)}), console);
  REQUIRE(outcome.lines.size() == 9);
  CHECK(outcome.lines[0]["faces"][0]["track"].is_null());
  CHECK(outcome.lines[8]["faces"][0]["track"] == 1);
  CHECK_THAT(console.notices, ContainsSubstring("9 frames, 9 faces"));
  CHECK_THAT(console.notices, ContainsSubstring("from frame to result"));
}

TEST_CASE("faces below --min-confidence are uncertain everywhere", "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string source = save_picture((folder / "in.png").string(), 250);
  RecordingConsole console;
  PredictOptions options = options_for({source});
  options.min_confidence = 0.71;
  options.save_crops = (folder / "crops").string();
  const Outcome outcome = predict(options, console);
  CHECK(outcome.lines[0]["faces"][0]["label"] == "uncertain");
  CHECK(outcome.lines[0]["faces"][0]["probabilities"].size() == 7);
  CHECK(console.notices == "1 picture, 1 face: uncertain 100.0 % (1)\n");
  CHECK(std::filesystem::exists(folder / "crops/uncertain/000001_in.png"));
}

TEST_CASE("the faces that were classified are kept in a folder a label", "[commands][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "a.png").string(), 250);
  save_picture((folder / "b.png").string(), 10);
  RecordingConsole console;
  PredictOptions options = options_for({folder.path().string()});
  options.save_crops = (folder / "crops").string();
  CHECK(predict(options, console).code == 0);
  const cv::Mat happy =
      cv::imread((folder / "crops/happy/000001_a.png").string(), cv::IMREAD_UNCHANGED);
  CHECK(happy.size() == cv::Size(48, 48));
  CHECK(happy.type() == CV_8UC1);
  CHECK(happy.at<std::uint8_t>(0, 0) == 250);
  CHECK(std::filesystem::exists(folder / "crops/sad/000002_b.png"));
}

TEST_CASE("explanations are the faces, larger, and warm where the model looked",
          "[commands][unit]") {
  const TemporaryFolder folder;
  PredictOptions options = options_for({save_picture((folder / "a.png").string(), 250)});
  options.explain = (folder / "why").string();
  RecordingConsole console;
  CHECK(predict(options, console).code == 0);
  const cv::Mat why = cv::imread((folder / "why/happy/000001_a.png").string());
  REQUIRE(why.size() == cv::Size(4 * kFaceSide, 4 * kFaceSide));
  CHECK(why.at<cv::Vec3b>(90, 10) == cv::Vec3b(250, 250, 250));
  const cv::Vec3b warm = why.at<cv::Vec3b>(90, 180);
  CHECK(warm[2] > warm[0] + 100);  // red over blue
}

TEST_CASE("a wrong argument ends before anything is written", "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string a = save_picture((folder / "a.png").string(), 9);
  RecordingConsole console;
  CHECK_THROWS_MATCHES(predict(options_for({a, "nonsense"}), console), Error,
                       MessageMatches(ContainsSubstring("'nonsense'")));
  CHECK_THROWS_AS(predict(options_for({a}, (folder / "x.gif").string()), console), Error);
  CHECK(console.output.str().empty());
}

TEST_CASE("a stream among other sources is an error that does not show its password",
          "[commands][unit]") {
  const TemporaryFolder folder;
  const std::string a = save_picture((folder / "a.png").string(), 9);
  RecordingConsole console;
  CHECK_THROWS_MATCHES(predict(options_for({a, "rtsp://user:secret@host/live"}), console), Error,
                       MessageMatches(ContainsSubstring("rtsp://user:***@host/live: a camera")));
}

TEST_CASE("a turned and trimmed video is predicted, drawn and kept upright, at its times",
          "[commands][video][unit]") {
  const TemporaryFolder folder;
  test::VideoRecipe recipe;
  recipe.matrix = {0, 1, -1, 0};
  recipe.times_s = {-0.2, -0.1, 0.0, 0.1, 0.5, 0.6};
  const std::string video = test::save_video_as((folder / "in.mp4").string(), recipe);
  for (const char* name : {"out.mp4", "out.mkv"}) {
    CAPTURE(name);
    RecordingConsole console;
    const Outcome outcome = predict(options_for({video}, (folder / name).string()), console);
    CHECK(outcome.code == 0);
    REQUIRE(outcome.lines.size() == 4);
    CHECK(outcome.lines[0]["time_s"] == 0.0);
    CHECK(outcome.lines[2]["time_s"] == 0.5);
    CHECK(outcome.lines[0]["width"] == 48);
    CHECK(outcome.lines[0]["height"] == 64);
    std::istringstream names;
    const auto written =
        test::all_frames(*source::open_source((folder / name).string(), {}, names));
    REQUIRE(written.size() == 4);
    CHECK(written[0].size.height > written[0].size.width);
    CHECK(std::abs(written[2].time_s - 0.5) < 0.0011);
  }
}

TEST_CASE("options go through JSON, and their choices are the tables", "[commands][unit]") {
  PredictOptions options;
  options_from_json(json{{"detector", "none"}, {"top", 7}}, visiting(options), "test");
  CHECK(options.faces.detector == "none");
  CHECK(options.top == 7);
  for (const std::string& name : detect::detector_names()) {
    CHECK_NOTHROW(options_from_json(json{{"detector", name}}, visiting(options), "test"));
  }
  for (const std::string& name : output::prediction_format_names()) {
    CHECK_NOTHROW(options_from_json(json{{"format", name}}, visiting(options), "test"));
  }
  CHECK_THROWS_AS(options_from_json(json{{"every", 0}}, visiting(options), "test"), Error);
  CHECK_THROWS_MATCHES(PredictOptions().validate(), Error,
                       MessageMatches(ContainsSubstring("no source")));
}

}  // namespace
}  // namespace fer::commands
