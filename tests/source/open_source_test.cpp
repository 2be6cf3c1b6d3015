#include "fer/source/open_source.h"

#include <cmath>
#include <sstream>

#include "fer/core/error.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::source {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::all_frames;
using test::encoded;
using test::plain_picture;
using test::save;
using test::TemporaryFolder;

std::vector<Frame> frames_of(const std::string& argument, const SourceOptions& options = {},
                             const std::string& standard_input = "") {
  std::istringstream names(standard_input);
  return all_frames(*open_source(argument, options, names));
}

std::vector<std::string> sources_of(const std::vector<Frame>& frames) {
  std::vector<std::string> sources;
  for (const Frame& frame : frames) sources.push_back(frame.source);
  return sources;
}

SourceKind kind_of(const std::string& argument) {
  std::istringstream names;
  return open_source(argument, {}, names)->kind();
}

void save_picture(const std::string& path) {
  save(path, encoded(".png", plain_picture(8, 6, 100)));
}

TEST_CASE("a picture is one still frame", "[source][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "a.png").string());
  const auto frames = frames_of((folder / "a.png").string());
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].image.size() == cv::Size(8, 6));
  CHECK(frames[0].source == (folder / "a.png").string());
  CHECK(frames[0].index == 0);
  CHECK(frames[0].time_s == 0.0);
  CHECK_FALSE(frames[0].moving());
  CHECK_FALSE(frames[0].failed());
}

TEST_CASE("a picture is known by its content where its name says nothing", "[source][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "portrait").string());
  CHECK(kind_of((folder / "portrait").string()) == SourceKind::image);
  CHECK_FALSE(frames_of((folder / "portrait").string()).at(0).failed());
}

TEST_CASE("a folder gives its pictures by name and nothing else", "[source][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"b.png", "a.PNG", "c.png"}) save_picture((folder / name).string());
  save((folder / "notes.txt").string(), "no picture");
  std::filesystem::create_directories(
      (folder / "deeper/d.png").string());  // a folder named like a picture
  save_picture((folder / "deeper/e.png").string());

  const auto flat = sources_of(frames_of(folder.path().string()));
  CHECK(flat == std::vector{(folder / "a.PNG").string(), (folder / "b.png").string(),
                            (folder / "c.png").string()});
  const auto all = sources_of(frames_of(folder.path().string(), {.recursive = true}));
  CHECK(all == std::vector{(folder / "a.PNG").string(), (folder / "b.png").string(),
                           (folder / "c.png").string(), (folder / "deeper/e.png").string()});
}

// The remark of a folder's source about the folder.
std::string remark_of(const std::string& folder, SourceOptions options = {}) {
  std::string told;
  options.remark = [&](const std::string& text) { told += text; };
  frames_of(folder, options);
  return told;
}

TEST_CASE("a folder gives what can be decoded, whatever it is named, and tells of the rest",
          "[source][unit]") {
  const TemporaryFolder folder;
  const std::string at = folder.path().string();
  for (const char* name : {"a", "b.jfif", "d.dat"}) save_picture((folder / name).string());
  test::save_video((folder / "c.avi").string(), 3);
  std::filesystem::rename(test::save_video((folder / "e.avi").string(), 2), folder / "e");
  save((folder / "f.gif").string(), "GIF89a, but broken");
  save((folder / "notes.txt").string(), "words");
  save((folder / "types.ts").string(), "export type A = number;");
  save((folder / "desktop.ini").string(), "words");
  std::filesystem::create_directory(folder / "deeper");

  std::vector<std::string> names;
  for (const Frame& frame : frames_of(at)) names.push_back(frame.source.substr(at.size() + 1));
  CHECK(names == std::vector<std::string>{"a", "b.jfif", "c.avi", "c.avi", "c.avi", "d.dat", "e",
                                          "e", "f.gif"});
  CHECK(remark_of(at) == at + ": left out: 2 files that are not pictures (such as 'notes.txt'); "
                              "1 folder, which \"recursive\" looks into ('deeper')");
  CHECK(remark_of(at, {.recursive = true, .videos = false}) ==
        at + ": left out: 3 videos (such as 'c.avi'); 2 files that are not pictures (such as "
             "'notes.txt')");
}

TEST_CASE("a folder of pictures alone is not remarked upon", "[source][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "a.png").string());
  save((folder / ".hidden").string(), "words");
  CHECK(remark_of(folder.path().string()).empty());
}

TEST_CASE("a folder without pictures says what is in it", "[source][unit]") {
  const TemporaryFolder folder;
  save((folder / "x.heic").string(), std::string("\0\0\0\x18", 4) + "ftypheic");
  std::filesystem::create_directory(folder / "deeper");
  CHECK_THROWS_MATCHES(
      frames_of(folder.path().string()), Error,
      MessageMatches(ContainsSubstring("is a folder without pictures") &&
                     ContainsSubstring("1 HEIC picture, which cannot be decoded here ('x.heic')") &&
                     ContainsSubstring("1 folder, which \"recursive\" looks into ('deeper')")));
}

TEST_CASE("a GIF and a GIF without its last byte give their frames", "[source][unit]") {
  // Two frames of one black pixel, a tenth of a second each.
  const std::string frame("\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0",
                          23);
  const std::string gif =
      "GIF89a" + std::string("\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff", 13) + frame + frame + ";";
  const TemporaryFolder folder;
  for (const std::string& bytes : {gif, gif.substr(0, gif.size() - 1)}) {
    const auto frames = frames_of(save((folder / "a.gif").string(), bytes));
    REQUIRE(frames.size() == 2);
    CHECK_FALSE(frames[1].failed());
  }
}

TEST_CASE("a broken file in a folder is a failed frame between the others", "[source][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "1.png").string());
  save((folder / "2.png").string(), "broken");
  save_picture((folder / "3.png").string());
  const auto frames = frames_of(folder.path().string());
  REQUIRE(frames.size() == 3);
  CHECK_FALSE(frames[0].failed());
  CHECK(frames[1].failed());
  CHECK(frames[1].source == (folder / "2.png").string());
  CHECK_THAT(frames[1].error, ContainsSubstring("2.png"));
  CHECK(frames[1].image.empty());
  CHECK_FALSE(frames[2].failed());
}

TEST_CASE("a glob pattern gives its matches by name, folders left out", "[source][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"x10.png", "x2.png", "X1.png", "y.png"})
    save_picture((folder / name).string());
  std::filesystem::create_directory((folder / "x3.png").string());
  CHECK(sources_of(frames_of((folder / "x*.png").string())) ==
        std::vector{(folder / "x10.png").string(), (folder / "x2.png").string()});
  CHECK(sources_of(frames_of((folder / "[xX]?.png").string())) ==
        std::vector{(folder / "X1.png").string(), (folder / "x2.png").string()});
}

TEST_CASE("a file whose name looks like a pattern is that file", "[source][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "a[1].png").string());
  save_picture((folder / "a1.png").string());
  CHECK(sources_of(frames_of((folder / "a[1].png").string())) ==
        std::vector{(folder / "a[1].png").string()});
}

TEST_CASE("names are read from the stream, blank lines and line ends left out", "[source][unit]") {
  const TemporaryFolder folder;
  save_picture((folder / "a b.png").string());
  save_picture((folder / "c.png").string());
  const std::string missing = (folder / "missing.png").string();
  const auto frames = frames_of("-", {},
                                ((folder / "c.png").string()) + "\r\n\n  \n" + missing + "\n" +
                                    ((folder / "a b.png").string()));
  CHECK(sources_of(frames) ==
        std::vector{(folder / "c.png").string(), missing, (folder / "a b.png").string()});
  CHECK(frames.at(1).failed());
  const auto nothing = frames_of("-");
  REQUIRE(nothing.size() == 1);
  CHECK_THAT(nothing[0].error, ContainsSubstring("standard input: is empty"));
  // find -print0 ends each name with a zero byte.
  const std::string zeros =
      (folder / "c.png").string() + '\0' + (folder / "a b.png").string() + '\0';
  CHECK(frames_of("-", {}, zeros).size() == 2);
}

TEST_CASE("a name of a megabyte on the stream is one failed frame", "[source][unit]") {
  const auto frames = frames_of("-", {}, std::string(1'000'000, 'x') + "\n");
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].failed());
  CHECK(frames[0].source.size() <= 4096);
}

TEST_CASE("a video gives its frames with the container's time", "[source][unit]") {
  const TemporaryFolder folder;
  const std::string video = test::save_video((folder / "v.avi").string(), 6);
  CHECK(kind_of(video) == SourceKind::video);
  const auto frames = frames_of(video);
  REQUIRE(frames.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CAPTURE(i);
    CHECK(frames[i].index == static_cast<std::int64_t>(i));
    CHECK(std::abs(frames[i].time_s - 0.1 * static_cast<double>(i)) < 1e-6);
    CHECK(frames[i].frames_per_second == 10.0);
    // Each frame has memory of its own: the first is still black after the last was read.
    const double grey = cv::mean(frames[i].image)[0];
    CHECK(std::abs(grey - 20.0 * static_cast<double>(i)) < 4.0);
  }
}

TEST_CASE("every N-th frame keeps its index and time, and slows the rate", "[source][unit]") {
  const TemporaryFolder folder;
  const auto frames = frames_of(test::save_video((folder / "v.avi").string(), 8), {.every = 3});
  REQUIRE(frames.size() == 3);
  CHECK(frames[1].index == 3);
  CHECK(std::abs(frames[1].time_s - 0.3) < 1e-6);
  CHECK(frames[2].index == 6);
  CHECK(std::abs(frames[2].frames_per_second - 10.0 / 3.0) < 1e-9);
}

TEST_CASE("a video that is missing, or is none, is one failed frame naming it", "[source][unit]") {
  const TemporaryFolder folder;
  const auto missing = frames_of((folder / "none.mp4").string());
  REQUIRE(missing.size() == 1);
  CHECK_THAT(missing[0].error, ContainsSubstring("none.mp4: cannot be read: no such file"));

  const auto words = frames_of(save((folder / "words.txt").string(), "just words"));
  REQUIRE(words.size() == 1);
  CHECK_THAT(words[0].error, ContainsSubstring("words.txt: is neither a picture"));
}

TEST_CASE("bare numbers and video devices are cameras", "[source][unit]") {
  CHECK(kind_of("0") == SourceKind::camera);
  CHECK(kind_of("/dev/video3") == SourceKind::camera);
  const TemporaryFolder folder;
  save_picture((folder / "0").string());
  CHECK(kind_of((folder / "0").string()) == SourceKind::image);
}

TEST_CASE("a camera that is not there is one failed frame", "[source][unit]") {
  const auto frames = frames_of("/dev/video987");
  REQUIRE(frames.size() == 1);
  CHECK_THAT(frames[0].error, ContainsSubstring("/dev/video987: is not a camera"));
}

TEST_CASE("an address is a live stream, unless it ends like a video file", "[source][unit]") {
  std::istringstream names;
  const auto kind = [&](const char* argument) { return open_source(argument, {}, names)->kind(); };
  CHECK(kind("rtsp://camera/live") == SourceKind::camera);
  CHECK(kind("HTTP://camera:8080/video.mjpg?user=a") == SourceKind::camera);
  CHECK(kind("https://server/talk.mp4") == SourceKind::video);
  CHECK(kind("https://server/talk.MP4?token=1") == SourceKind::video);
}

TEST_CASE("no error about an address shows its password", "[source][unit]") {
  std::istringstream names;
  // Sources that are opened and fail: nobody listens on port 1.
  for (const char* address :
       {"rtsp://user:secret@127.0.0.1:1/live", "http://user:secret@127.0.0.1:1/talk.mp4",
        "http://127.0.0.1:1/photo.jpg?token=secret"}) {
    CAPTURE(address);
    for (const bool listed : {false, true}) {
      const auto frames = frames_of(listed ? "-" : address, {}, std::string(address) + "\n");
      REQUIRE(frames.size() == 1);
      CHECK(frames[0].failed());
      CHECK((frames[0].source + frames[0].error).find("secret") == std::string::npos);
      CHECK_THAT(frames[0].error, ContainsSubstring("***"));
    }
  }
  // Names that are no source.
  for (const char* argument : {"gopher://user:secret@host/live", "rtsp:/user:secret@host/live",
                               "user:secret@host/live", "rtps://user:secret@host/?a",
                               "rtps://user:se*cret@host/a", "gopher://h/?password=secret"}) {
    CAPTURE(argument);
    CHECK_THROWS_MATCHES(open_source(argument, {}, names), Error,
                         MessageMatches(!ContainsSubstring("cret") && ContainsSubstring("***")));
  }
}

TEST_CASE("anything else is an error that names it and what is allowed", "[source][unit]") {
  const TemporaryFolder folder;
  std::istringstream names;
  const auto rejects = [&](const std::string& argument, const std::string& part) {
    CHECK_THROWS_MATCHES(open_source(argument, {}, names), Error,
                         MessageMatches(ContainsSubstring(argument) && ContainsSubstring(part)));
  };
  rejects("no-such-thing", "allowed: a picture, folder, glob pattern, video, camera");
  rejects("gopher://camera/stream", "is not a source");
  rejects("12345", "is not a source");
  rejects(folder.path().string(), "is a folder without pictures");
  rejects((folder / "*.png").string(), "no file matches this pattern");
}

}  // namespace
}  // namespace fer::source
