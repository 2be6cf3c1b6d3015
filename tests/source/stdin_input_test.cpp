#include "fer/source/stdin_input.h"

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "fer/core/error.h"
#include "fer/source/open_source.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::source {
namespace {

using test::encoded;
using test::plain_picture;
using test::TemporaryFolder;

std::vector<Frame> piped_frames(const std::string& argument, const std::string& input = "") {
  std::istringstream stream(input);
  return test::all_frames(*open_source(argument, {}, stream));
}

TEST_CASE("A picture's bytes on standard input are one frame", "[source][unit]") {
  for (const char* ending : {".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm"}) {
    CAPTURE(ending);
    const auto frames = piped_frames("-", encoded(ending, plain_picture(64, 48, 70.0)));
    REQUIRE(frames.size() == 1);
    INFO(frames[0].error);
    CHECK_FALSE(frames[0].failed());
    CHECK(frames[0].size == cv::Size(64, 48));
    CHECK(frames[0].source == "standard input");
  }
}

TEST_CASE("A picture that is cut short on standard input is a failed frame", "[source][unit]") {
  const std::string whole = encoded(".png", plain_picture(64, 48, 70.0));
  const auto frames = piped_frames("-", whole.substr(0, whole.size() / 2));
  REQUIRE(frames.size() == 1);
  CHECK_THAT(frames[0].error, Catch::Matchers::StartsWith("standard input"));
}

TEST_CASE("Names that begin as pictures do are names", "[source][unit]") {
  for (const char* name : {"BMW.jpg", "BM", "RIFF.png", "RIFFxxxxWAVE", "II.jpg", "MM.jpg",
                           "P5.pgm", "P5 of 9.jpg", "Ünal.jpg"}) {
    CAPTURE(name);
    std::istringstream stream(std::string(name) + "\nsecond.png\n");
    StdinInput input(stream);
    CHECK_FALSE(input.is_picture());
    CHECK(input.next_name() == name);
    CHECK(input.next_name() == "second.png");
    CHECK(input.next_name() == std::nullopt);
  }
}

TEST_CASE("What ends the first name ends all: after a zero byte line breaks are part of names",
          "[source][unit]") {
  std::istringstream zeros(std::string("a.png\0b\nc.png\0d.png\r\0", 21));
  StdinInput found(zeros);
  CHECK_FALSE(found.is_picture());
  CHECK(found.next_name() == "a.png");
  CHECK(found.next_name() == "b\nc.png");
  CHECK(found.next_name() == "d.png\r");
  CHECK(found.next_name() == std::nullopt);
  std::istringstream lines("a.png\r\n\nb.png\n");
  StdinInput typed(lines);
  CHECK(typed.next_name() == "a.png");
  CHECK(typed.next_name() == "b.png");
}

TEST_CASE("To tell names from pictures no more is read than the first of them", "[source][unit]") {
  std::istringstream stream("a.jpg\nb.jpg\n");
  StdinInput input(stream);
  CHECK_FALSE(input.is_picture());
  CHECK(stream.tellg() == 1);
}

TEST_CASE("A pipe of the file system is read like standard input, or as a video by its name",
          "[source][integration]") {
  const TemporaryFolder folder;
  const auto through = [&](const std::string& name, const std::string& bytes) {
    const std::string pipe = (folder / name).string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << bytes; });
    const auto frames = piped_frames(pipe);
    writer.join();
    return frames;
  };
  const std::string png = encoded(".png", plain_picture(64, 48, 70.0));
  const auto picture = through("pipe", png);
  REQUIRE(picture.size() == 1);
  CHECK(picture[0].size == cv::Size(64, 48));
  const std::string saved = test::save((folder / "a.png").string(), png);
  const auto named = through("names", saved + "\n" + saved + "\n");
  REQUIRE(named.size() == 2);
  CHECK(named[1].source == saved);
  const std::string video = test::save_video((folder / "v.avi").string(), 6);
  std::ifstream file(video, std::ios::binary);
  const auto moving = through("live.avi", std::string(std::istreambuf_iterator<char>(file), {}));
  REQUIRE(moving.size() == 6);
  CHECK(moving[5].size == cv::Size(64, 48));
}

}  // namespace
}  // namespace fer::source
