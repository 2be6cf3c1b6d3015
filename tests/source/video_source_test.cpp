// Holds what containers say of their frames against what players show.
#include "fer/source/video_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

extern "C" {
#include <libavutil/mem.h>
}

#include "fer/image/image.h"
#include "fer/source/open_source.h"
#include "source/frame_fixtures.h"
#include "source/matroska_roll.h"
#include "source/video_fixtures.h"
#include "support/catch.h"

namespace fer::source {
namespace {

namespace fs = std::filesystem;

using Catch::Matchers::ContainsSubstring;
using test::all_frames;
using test::corners_of;
using test::regular_times;
using test::save_video_as;
using test::TemporaryFolder;
using test::VideoRecipe;

std::vector<Frame> video_frames(const std::string& path, const SourceOptions& options = {}) {
  std::istringstream none;
  return all_frames(*open_source(path, options, none));
}

std::vector<double> times_of(const std::vector<Frame>& frames) {
  std::vector<double> times;
  for (const Frame& frame : frames) times.push_back(frame.time_s);
  return times;
}

bool are_near(const std::vector<double>& times, const std::vector<double>& expected) {
  if (times.size() != expected.size()) return false;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (std::abs(times[i] - expected[i]) > 0.0011) return false;  // Matroska counts milliseconds
  }
  return true;
}

std::string cut_in_half(const std::string& path) {
  fs::resize_file(path, fs::file_size(path) / 2);
  return path;
}

std::size_t entries_of(const char* folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

struct Orientation {
  const char* what;
  test::DisplayMatrix matrix;
  const char* corners;
  bool upright;  // keeps its width
};

const std::vector<Orientation> kOrientations = {
    {"as it is", {1, 0, 0, 1}, "RGBW", true},
    {"a quarter turn to the right", {0, 1, -1, 0}, "BRWG", false},
    {"half a turn", {-1, 0, 0, -1}, "WBGR", true},
    {"a quarter turn to the left", {0, -1, 1, 0}, "GWRB", false},
    {"mirrored", {-1, 0, 0, 1}, "GRWB", true},
    {"upside down", {1, 0, 0, -1}, "BWRG", true},
    {"mirrored, a quarter turn to the left", {0, 1, 1, 0}, "RBGW", false},
    {"mirrored, a quarter turn to the right", {0, -1, -1, 0}, "WGBR", false}};

TEST_CASE("A video is turned and mirrored as its container says", "[source][video][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"v.mp4", "v.mov"}) {
    for (const Orientation& orientation : kOrientations) {
      CAPTURE(name, orientation.what);
      VideoRecipe recipe;
      recipe.matrix = orientation.matrix;
      const auto frames = video_frames(save_video_as((folder / name).string(), recipe));
      REQUIRE(frames.size() == 3);
      CHECK(corners_of(frames[0].image) == orientation.corners);
      CHECK(corners_of(frames[2].image) == orientation.corners);
      CHECK(frames[0].size == (orientation.upright ? cv::Size(64, 48) : cv::Size(48, 64)));
      CHECK(frames[0].image.size() == frames[0].size);
    }
  }
}

TEST_CASE("A Matroska video is turned as its projection says", "[source][video][unit]") {
  struct Roll {
    double degrees;
    std::string corners;
  };
  const TemporaryFolder folder;
  for (const char* name : {"v.mkv", "v.webm"}) {
    if (!test::can_write(fs::path(name).extension())) continue;
    for (const Roll& roll :
         {Roll{0.0, "RGBW"}, Roll{90.0, "GWRB"}, Roll{180.0, "WBGR"}, Roll{-90.0, "BRWG"}}) {
      CAPTURE(name, roll.degrees);
      const std::string path = save_video_as((folder / name).string(), VideoRecipe());
      test::roll_matroska(path, roll.degrees);
      const auto frames = test::all_frames(*open_video(path, {}));
      REQUIRE(frames.size() == 3);
      CHECK(corners_of(frames[0].image) == roll.corners);
      const bool upright = roll.degrees == 0.0 || roll.degrees == 180.0;
      CHECK(frames[0].size == (upright ? cv::Size(64, 48) : cv::Size(48, 64)));
    }
  }
}

TEST_CASE("Pixels that are not square are made so, by enlarging", "[source][video][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"v.mp4", "v.mov", "v.mkv", "v.avi", "v.webm"}) {
    CAPTURE(name);
    if (!test::can_write(fs::path(name).extension())) continue;
    VideoRecipe recipe;
    const auto size_of = [&](int width, int height) {
      recipe.pixel_aspect = {width, height};
      const auto frames = video_frames(save_video_as((folder / name).string(), recipe));
      REQUIRE(frames.size() == 3);
      CHECK(corners_of(frames[1].image) == "RGBW");
      return frames[1].size;
    };
    CHECK(size_of(4, 3) == cv::Size(85, 48));
    CHECK(size_of(1, 2) == cv::Size(64, 96));
    CHECK(size_of(1, 1) == cv::Size(64, 48));
    CHECK(size_of(255, 1) == cv::Size(64, 48));  // no camera's
  }
  VideoRecipe turned;
  turned.matrix = {0, 1, -1, 0};
  turned.pixel_aspect = {4, 3};
  const auto frames = video_frames(save_video_as((folder / "t.mp4").string(), turned));
  CHECK(frames.at(0).size == cv::Size(48, 85));
  CHECK(corners_of(frames.at(0).image) == "BRWG");
}

TEST_CASE("Of a trimmed video the frames are those that players show, and none is missing",
          "[source][video][unit]") {
  const TemporaryFolder folder;
  VideoRecipe recipe;
  recipe.picture = test::numbered_picture;
  recipe.times_s = regular_times(-3.0, 0.1, 50);
  for (const char* name : {"v.mp4", "v.mov"}) {
    for (const bool index_first : {false, true}) {
      CAPTURE(name, index_first);
      recipe.index_first = index_first;
      const auto frames = video_frames(save_video_as((folder / name).string(), recipe));
      REQUIRE(frames.size() == 20);
      CHECK(are_near(times_of(frames), regular_times(0.0, 0.1, 20)));
      CHECK(test::number_of(frames.front().image) == 30);
      CHECK(test::number_of(frames.back().image) == 49);
      CHECK(frames.front().index == 0);
      CHECK_FALSE(frames.back().failed());
    }
  }
}

TEST_CASE("Frames have the times that their container gives them", "[source][video][unit]") {
  const TemporaryFolder folder;
  VideoRecipe recipe;
  recipe.picture = test::numbered_picture;
  recipe.times_s = {0.0, 0.033, 0.067, 0.1, 0.2, 0.9, 0.925, 4.0, 4.1};
  for (const char* name : {"v.mp4", "v.mov", "v.mkv", "v.webm"}) {
    CAPTURE(name);
    if (!test::can_write(fs::path(name).extension())) continue;
    const std::string path = save_video_as((folder / name).string(), recipe);
    CHECK(are_near(times_of(video_frames(path)), recipe.times_s));
    CHECK(are_near(times_of(video_frames(path, {.every = 4})), {0.0, 0.2, 4.1}));
  }
}

TEST_CASE("Time begins with the first picture or sound", "[source][video][unit]") {
  const TemporaryFolder folder;
  VideoRecipe recipe;
  recipe.times_s = regular_times(2.0, 0.1, 20);
  for (const char* name : {"v.mp4", "v.mov", "v.mkv"}) {
    CAPTURE(name);
    recipe.sound = false;
    const auto alone = video_frames(save_video_as((folder / name).string(), recipe));
    CHECK(are_near(times_of(alone), regular_times(0.0, 0.1, 20)));
    if (std::string(name) == "v.mp4") continue;  // has no sound of this simple kind
    recipe.sound = true;
    const auto later = video_frames(save_video_as((folder / name).string(), recipe));
    CHECK(are_near(times_of(later), regular_times(2.0, 0.1, 20)));
  }
}

TEST_CASE("A video that lost its second half is reported, by all containers that can tell",
          "[source][video][unit]") {
  const TemporaryFolder folder;
  VideoRecipe recipe;
  recipe.picture = [](std::size_t i) {
    cv::Mat noise(48, 64, CV_8UC3);
    cv::theRNG().state = i + 1;
    cv::randu(noise, 0, 255);
    return noise;
  };
  recipe.index_first = true;
  for (const char* name : {"v.mp4", "v.mov", "v.mkv", "v.webm", "v.avi", "sound.mkv"}) {
    CAPTURE(name);
    if (!test::can_write(fs::path(name).extension())) continue;
    recipe.times_s = regular_times(0.0, 0.1, 60);
    recipe.sound = std::string(name) == "sound.mkv";
    const std::string path = save_video_as((folder / name).string(), recipe);
    const auto whole = video_frames(path);
    REQUIRE(whole.size() == 60);
    CHECK_FALSE(whole.back().failed());
    const auto half = video_frames(cut_in_half(path));
    REQUIRE(half.size() > 20);
    CHECK(half.size() < 40);
    CHECK_THAT(half.back().error, ContainsSubstring(name) && ContainsSubstring("is cut short") &&
                                      ContainsSubstring("it ends after"));
    CHECK(half.back().index == static_cast<std::int64_t>(half.size()) - 1);
    CHECK_FALSE(half[half.size() - 2].failed());
  }
  recipe.sound = false;
  recipe.times_s = regular_times(-1.0, 0.1, 60);
  const std::string trimmed = save_video_as((folder / "trimmed.mp4").string(), recipe);
  CHECK_THAT(video_frames(cut_in_half(trimmed)).back().error, ContainsSubstring("is cut short"));
}

TEST_CASE("A cut video tells as many frames as there were", "[source][video][unit]") {
  if (avcodec_find_encoder(AV_CODEC_ID_H264) == nullptr) FER_SKIP("this FFmpeg writes no H.264");
  const TemporaryFolder folder;
  VideoRecipe recipe;
  recipe.h264 = true;
  recipe.index_first = true;
  recipe.times_s = regular_times(0.0, 0.1, 60);
  recipe.picture = [](std::size_t i) {  // of which each frame says something new
    cv::Mat picture(240, 320, CV_8UC3, cv::Scalar::all(60));
    for (int k = 0; k < 40; ++k) {
      const int x = (static_cast<int>(i) * (k + 3) * 7 + k * 31) % 300;
      picture(cv::Rect(x, k * 6, 20, 6)).setTo(cv::Scalar(k * 6, 255 - k * 6, x % 256));
    }
    return picture;
  };
  const std::string path = save_video_as((folder / "v.mp4").string(), recipe);
  const auto size = fs::file_size(path);
  for (std::uintmax_t cut = size / 2; cut > size / 2 - 2000; cut -= 145) {
    CAPTURE(cut);
    fs::resize_file(path, cut);
    const auto frames = video_frames(path);
    CHECK_THAT(frames.back().error,
               ContainsSubstring("after " + std::to_string(frames.size() - 1) + " of 60 frames"));
  }
}

// Empties the second half, as an unfinished download leaves a file that got its whole size first.
void empty_second_half(const std::string& path) {
  const auto size = static_cast<std::streamoff>(fs::file_size(path));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(size / 2);
  file << std::string(static_cast<std::size_t>(size - size / 2), '\0');
}

TEST_CASE("A video whose frames cannot be decoded is reported", "[source][video][unit]") {
  const TemporaryFolder folder;
  VideoRecipe recipe;
  recipe.picture = [](std::size_t i) {
    cv::Mat noise(48, 64, CV_8UC3);
    cv::theRNG().state = i + 1;
    cv::randu(noise, 0, 255);
    return noise;
  };
  recipe.index_first = true;
  recipe.times_s = regular_times(0.0, 0.1, 60);
  for (const char* name : {"v.mp4", "v.mov"}) {
    CAPTURE(name);
    const std::string path = save_video_as((folder / name).string(), recipe);
    empty_second_half(path);
    CHECK_THAT(video_frames(path).back().error,
               ContainsSubstring("is cut short or damaged: ") &&
                   ContainsSubstring(" of 60 frames cannot be decoded"));
  }
}

TEST_CASE("A video whose last frame is long is whole", "[source][video][unit]") {
  const TemporaryFolder folder;
  VideoRecipe recipe;
  recipe.sound = true;
  recipe.times_s = {0.0, 0.1, 0.2, 8.0};  // the last for as long as the one before
  for (const char* name : {"v.mkv", "v.mov"}) {
    CAPTURE(name);
    const auto frames = video_frames(save_video_as((folder / name).string(), recipe));
    REQUIRE(frames.size() == 4);
    CHECK_FALSE(frames.back().failed());
  }
}

TEST_CASE("A video is closed when it has ended, not when its source goes",
          "[source][video][unit]") {
  const TemporaryFolder folder;
  const std::string path = save_video_as((folder / "v.mp4").string(), {});
  video_frames(path);  // what is opened once stays so
  std::vector<std::unique_ptr<Source>> sources;
  std::istringstream none;
  const std::size_t files = entries_of("/proc/self/fd"), threads = entries_of("/proc/self/task");
  for (int i = 0; i < 5; ++i) {
    sources.push_back(open_source(path, {}, none));
    CHECK(all_frames(*sources.back()).size() == 3);
  }
  std::istringstream names(path + "\n" + path + "\n");
  sources.push_back(open_source("-", {}, names));
  CHECK(all_frames(*sources.back()).size() == 6);
  CHECK(entries_of("/proc/self/fd") == files);
  CHECK(entries_of("/proc/self/task") == threads);
}

TEST_CASE("A file that makes others be opened opens none, and text is no video",
          "[source][video][unit]") {
  const TemporaryFolder folder;
  const auto fails = [&](const char* name, const std::string& text) {
    const auto frames = video_frames(test::save((folder / name).string(), text));
    REQUIRE(frames.size() == 1);
    CHECK_THAT(frames[0].error, ContainsSubstring(name));
  };
  fails("list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n");
  fails("list.mkv", "ffconcat version 1.0\nfile http://127.0.0.1:1/a.mp4\n");
  fails("words.avi", "just words\n");
  fails("words.txt", std::string(5000, 'a') + "\n");
}

TEST_CASE("A JPEG XL picture that is named like a video is reported, and read by no decoder",
          "[source][video][unit][bad-input]") {
  const TemporaryFolder folder;
  // libjxl 0.7 never came back from these 16 bytes; found by fuzzing.
  const std::string bytes(
      "\0\0\0\x0cJXL \r\n\x87\n\0"
      "543",
      16);
  const auto frames = video_frames(test::save((folder / "a.mp4").string(), bytes));
  REQUIRE(frames.size() == 1);
  CHECK_THAT(frames[0].error, ContainsSubstring("a.mp4: is a JPEG XL picture"));
}

TEST_CASE("FFmpeg asks for no more memory at a time than a picture may have",
          "[source][video][unit]") {
  const TemporaryFolder folder;
  CHECK(video_frames(save_video_as((folder / "v.mp4").string(), {})).size() == 3);
  void* much = av_malloc(image::kMaxImageBytes + 1);
  CHECK(much == nullptr);
  av_free(much);
}

TEST_CASE("A file's name may look like something else to FFmpeg", "[source][video][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"12:30.mp4", "a%03d.mp4", "pipe:x.mp4", "-.mp4"}) {
    CAPTURE(name);
    CHECK(video_frames(save_video_as((folder / "v.mp4").string(), {})).size() == 3);
    fs::rename(folder / "v.mp4", folder / name);
    CHECK(video_frames((folder / name).string()).size() == 3);
  }
}

TEST_CASE("A pipe whose writer falls silent in the middle of a video can be stopped",
          "[source][video][integration]") {
  const TemporaryFolder folder;
  VideoRecipe recipe;
  recipe.times_s = regular_times(0.0, 0.1, 60);
  const std::string video = save_video_as((folder / "v.mkv").string(), recipe);
  const std::string pipe = (folder / "pipe.mkv").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::atomic<bool> silent = false;
  std::mutex mutex;
  std::condition_variable ended;
  bool over = false;
  std::thread writer([&] {
    std::ifstream file(video, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    std::ofstream output(pipe, std::ios::binary);
    output << bytes.substr(0, bytes.size() / 2) << std::flush;
    silent = true;
    std::unique_lock lock(mutex);
    ended.wait(lock, [&] { return over; });  // the pipe stays open
  });
  int asked = 0;
  const auto frames =
      video_frames(pipe, {.stopped = [&] { return silent.load() && ++asked > 50; }});
  for (const Frame& frame : frames) CHECK_FALSE(frame.failed());
  CHECK(frames.size() < 60);
  {
    const std::lock_guard lock(mutex);
    over = true;
  }
  ended.notify_one();
  writer.join();
}

}  // namespace
}  // namespace fer::source
