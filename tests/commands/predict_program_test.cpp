// fer-predict in pipes, on full disks, and for hours.
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/process.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::commands {
namespace {

namespace fs = std::filesystem;

using Catch::Matchers::ContainsSubstring;
using test::Streams;
using test::TemporaryFolder;

// The released model; each frame is a face.
std::vector<std::string> words(std::vector<std::string> more) {
  std::vector<std::string> all = {"--detector", "none", "--threads", "1"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

test::Outcome predict(const TemporaryFolder& folder, std::vector<std::string> more,
                      const Streams& streams = {}) {
  return test::run("fer-predict", words(std::move(more)), folder.path(), streams);
}

// `frames` of 320x240, each unlike the one before.
void save_long_video(const fs::path& path, int frames) {
  cv::VideoWriter writer(path.string(), cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 25.0,
                         {320, 240});
  REQUIRE(writer.isOpened());
  cv::Mat frame(240, 320, CV_8UC3);
  for (int i = 0; i < frames; ++i) {
    cv::randu(frame, 0, 255);
    writer.write(frame);
  }
}

// A disk of this size; nothing if the user may not mount one.
class SmallDisk {
 public:
  explicit SmallDisk(const fs::path& folder, const std::string& size) : folder_(folder) {
    fs::create_directories(folder);
    mounted_ = ::mount("tmpfs", folder.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool there() const { return mounted_; }

 private:
  fs::path folder_;
  bool mounted_ = false;
};

TEST_CASE("Where nobody reads the predictions any more, the run ends and says so",
          "[apps][integration]") {
  const TemporaryFolder folder;
  save_long_video(folder / "v.avi", 50);
  const test::Outcome outcome = predict(folder, {"v.avi", "--output", "out.avi"},
                                        {.input = "/dev/null", .output = {}, .unread = true});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.err, ContainsSubstring("the predictions cannot be written"));
  CHECK_FALSE(fs::exists(folder / "out.avi"));
  CHECK(folder.entries() == 1);  // nor a part of it
}

// Limits open files of this process and of those it starts.
class OpenFileLimit {
 public:
  explicit OpenFileLimit(rlim_t most) {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const rlimit limit{most, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  }
  ~OpenFileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  OpenFileLimit(const OpenFileLimit&) = delete;
  OpenFileLimit& operator=(const OpenFileLimit&) = delete;

 private:
  rlimit before_{};
};

TEST_CASE("A video that has ended is closed: more are read than may be open at once",
          "[apps][integration]") {
  const TemporaryFolder folder;
  test::save_video(folder / "v.avi", 2);
  const std::vector<std::string> videos(60, "v.avi");
  const OpenFileLimit limit(40);
  const test::Outcome outcome = predict(folder, videos);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.err, ContainsSubstring("120 frames"));
}

TEST_CASE("Predictions that go to a full disk are an error", "[apps][integration]") {
  const TemporaryFolder folder;
  test::save(folder / "a.png", test::encoded(".png", test::plain_picture(48, 48, 90)));
  const test::Outcome outcome =
      predict(folder, {"a.png"}, {.input = "/dev/null", .output = "/dev/full"});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.err, ContainsSubstring("the predictions cannot be written"));
}

TEST_CASE("A video or picture that fills the disk leaves nothing under its name",
          "[apps][integration]") {
  const TemporaryFolder folder;
  const SmallDisk disk(folder / "small", "200k");
  if (!disk.there()) FER_SKIP("this user may not mount a small disk");
  save_long_video(folder / "v.avi", 60);
  for (const char* name : {"small/out.avi", "small/out.mp4", "small/out.mov", "small/out.mkv"}) {
    CAPTURE(name);
    test::save(folder / name, "what was there");
    const test::Outcome outcome = predict(folder, {"v.avi", "--output", name});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, ContainsSubstring(name) && ContainsSubstring("cannot be written"));
    CHECK_THAT(outcome.err, ContainsSubstring("No space left"));
    CHECK(fs::file_size(folder / name) == 14);
    fs::remove(folder / name);
    CHECK(fs::is_empty(folder / "small"));
  }
  cv::Mat noise(600, 600, CV_8UC3);
  cv::randu(noise, 0, 255);
  test::save(folder / "a.png", test::encoded(".png", noise));
  const test::Outcome outcome = predict(folder, {"a.png", "--output", "small/a.png"});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.err, ContainsSubstring("No space left"));
  CHECK(fs::is_empty(folder / "small"));
}

TEST_CASE("A folder that cannot be written, and a camera that is not there, are reported",
          "[apps][integration]") {
  const TemporaryFolder folder;
  test::save(folder / "a.png", test::encoded(".png", test::plain_picture(48, 48, 90)));
  for (const char* flag : {"--output", "--save-crops", "--explain"}) {
    CAPTURE(flag);
    const test::Outcome outcome = predict(folder, {"a.png", flag, "/proc/nowhere/"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("/proc/nowhere"));
  }
  const test::Outcome camera = predict(folder, {"97"});
  CHECK(camera.code == 1);
  CHECK_THAT(camera.out, ContainsSubstring("97: is not a camera that can be opened"));
  const test::Outcome two = predict(folder, {"97", "a.png"});
  CHECK(two.code == 1);
  CHECK_THAT(two.err, ContainsSubstring("97") && ContainsSubstring("must be the only source"));
}

TEST_CASE("No output and no message of a run shows the password of its source",
          "[apps][integration]") {
  const TemporaryFolder folder;
  for (const char* format : {"text", "jsonl", "csv"}) {
    CAPTURE(format);
    const test::Outcome outcome =
        predict(folder, {"rtsp://user:secret@127.0.0.1:1/live", "--format", format});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, ContainsSubstring("rtsp://user:***@127.0.0.1:1/live"));
    CHECK((outcome.out + outcome.err).find("secret") == std::string::npos);
  }
  // Where it does not belong at all.
  for (const char* flag : {"--output", "--model", "--every", "--detector-model", "--save-crop"}) {
    CAPTURE(flag);
    const test::Outcome outcome = predict(folder, {"0", flag, "rtsp://user:secret@host/live"});
    CHECK(outcome.code != 0);
    CHECK((outcome.out + outcome.err).find("secret") == std::string::npos);
  }
}

TEST_CASE("A picture on standard input is predicted", "[apps][integration]") {
  const TemporaryFolder folder;
  test::save(folder / "a.png", test::encoded(".png", test::plain_picture(48, 48, 90)));
  const test::Outcome outcome = predict(folder, {"-", "--format", "jsonl"},
                                        {.input = (folder / "a.png").string(), .output = {}});
  CHECK(outcome.code == 0);
  const auto line = nlohmann::json::parse(outcome.out);
  CHECK(line.at("source") == "standard input");
  CHECK(line.at("faces").size() == 1);
}

TEST_CASE("A run whose input says nothing can be stopped", "[apps][integration]") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "p.avi").c_str(), 0600) == 0);
  REQUIRE(::mkfifo((folder / "p").c_str(), 0600) == 0);
  for (const char* source : {"-", "p.avi", "p"}) {
    CAPTURE(source);
    test::Process process("fer-predict", {source}, folder.path(),
                          {.input = {}, .output = {}, .unread = false, .silent = true});
    REQUIRE(process.wait_until_said("I detector"));
    process.send(SIGTERM);
    process.send(SIGINT);  // as timeout(1) does: one wish
    const test::Outcome outcome = process.finish();
    CHECK(outcome.code == 130);
    CHECK(outcome.out == "");
  }
}

TEST_CASE("A terminal that is closed leaves a recording that plays", "[apps][integration]") {
  const TemporaryFolder folder;
  save_long_video(folder / "v.avi", 1500);
  test::Process process("fer-predict", words({"v.avi", "--output", "out.avi", "--stats"}),
                        folder.path());
  REQUIRE(process.wait_until_said("a second"));
  process.send(SIGHUP);
  CHECK(process.finish().code == 130);
  cv::VideoCapture written((folder / "out.avi").string());
  CHECK(written.get(cv::CAP_PROP_FRAME_COUNT) > 0);
}

TEST_CASE("A video that is cut short is reported, and what there is of it predicted",
          "[apps][integration]") {
  const TemporaryFolder folder;
  save_long_video(folder / "v.avi", 60);
  fs::resize_file(folder / "v.avi", fs::file_size(folder / "v.avi") / 2);
  const test::Outcome outcome = predict(folder, {"v.avi", "--format", "jsonl"});
  CHECK(outcome.code == 1);
  const auto lines = test::lines_of(outcome.out);
  REQUIRE(lines.size() > 20);
  CHECK(nlohmann::json::parse(lines[10]).at("faces").size() == 1);
  CHECK_THAT(lines.back(), ContainsSubstring("is cut short or damaged"));
}

TEST_CASE("A picture that no crop can be cut from is one failure among the others",
          "[apps][integration]") {
  const TemporaryFolder folder;
  test::save(folder / "a.png", test::encoded(".png", test::plain_picture(48, 48, 90)));
  test::save(folder / "strip.png", test::encoded(".png", test::plain_picture(40000, 8, 90)));
  const test::Outcome outcome = test::run(
      "fer-predict", {"--detector", "haar", "strip.png", "a.png", "--threads", "1"}, folder.path());
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "strip.png: no face\na.png: no face\n");
}

TEST_CASE("Memory does not grow with the length of a video", "[apps][integration]") {
  const TemporaryFolder folder;
  save_long_video(folder / "short.avi", 150);
  save_long_video(folder / "long.avi", 1500);
  const auto peak = [&](const char* name) {
    const test::Outcome outcome = predict(folder, {name, "--output", "out.avi"});
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return outcome.peak_bytes;
  };
  const std::int64_t some = peak("short.avi"), many = peak("long.avi");
  // A frame is 230,400 bytes: 1,350 of them kept would be 311 million.
  CHECK(many < some + 30'000'000);
}

TEST_CASE("A window is shown where there is a screen, and done without where there is none",
          "[apps][integration]") {
  const TemporaryFolder folder;
  save_long_video(folder / "v.avi", 5);
  ::unsetenv("DISPLAY");
  ::unsetenv("QT_QPA_PLATFORM");
  const test::Outcome without = predict(folder, {"v.avi", "--show", "--format", "jsonl"});
  CHECK(without.code == 0);
  CHECK_THAT(without.err, ContainsSubstring("going on without a window"));
  CHECK(test::lines_of(without.out).size() == 5);
  ::setenv("DISPLAY", ":4711", 1);  // nobody is there
  const test::Outcome unreachable = predict(folder, {"v.avi", "--show"});
  CHECK(unreachable.code == 0);
  CHECK_THAT(unreachable.err, ContainsSubstring("cannot be reached"));
  ::unsetenv("DISPLAY");
  ::setenv("QT_QPA_PLATFORM", "offscreen", 1);  // a window that nobody sees, where OpenCV uses Qt
  const test::Outcome unseen = predict(folder, {"v.avi", "--show", "--format", "jsonl"});
  ::unsetenv("QT_QPA_PLATFORM");
  CHECK(unseen.code == 0);
  CHECK(test::lines_of(unseen.out).size() == 5);
}

}  // namespace
}  // namespace fer::commands
