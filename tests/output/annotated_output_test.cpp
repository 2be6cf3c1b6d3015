#include "fer/output/annotated_output.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <sstream>

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "fer/source/open_source.h"
#include "source/frame_fixtures.h"
#include "source/video_fixtures.h"
#include "support/catch.h"

namespace fer::output {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::plain_picture;
using test::TemporaryFolder;

source::Frame still(const std::string& source) {
  source::Frame frame;
  frame.source = source;
  return frame;
}

source::Frame moving(const std::string& source, std::int64_t index) {
  source::Frame frame;
  frame.source = source;
  frame.index = index;
  frame.frames_per_second = 10.0;
  return frame;
}

std::vector<source::Frame> read_video(const std::string& path) {
  std::istringstream names;
  return test::all_frames(*source::open_source(path, {}, names));
}

TEST_CASE("one picture goes to the file named, folders made as needed", "[output][unit]") {
  const TemporaryFolder folder;
  const std::string path = (folder / "new/out.png").string();
  const auto output = open_annotated_output(path, source::SourceKind::image);
  output->write(still("in.jpg"), plain_picture(30, 20, 77));
  output->finish();
  const cv::Mat written = image::read_image(path);
  CHECK(written.size() == cv::Size(30, 20));
  CHECK(written.at<cv::Vec3b>(5, 5) == cv::Vec3b(77, 77, 77));
}

TEST_CASE("a name that cannot be written is refused before anything is read", "[output][unit]") {
  const TemporaryFolder folder;
  const auto rejects = [&](const std::string& name, source::SourceKind kind,
                           const std::string& allowed) {
    CHECK_THROWS_MATCHES(open_annotated_output((folder / name).string(), kind), Error,
                         MessageMatches(ContainsSubstring(name) && ContainsSubstring(allowed)));
  };
  rejects("out", source::SourceKind::image, ".jpg, .jpeg, .png");
  rejects("out.gif", source::SourceKind::image, ".jpg, .jpeg, .png");
  rejects("out.mp4", source::SourceKind::image, ".jpg, .jpeg, .png");
  rejects("out.jpg", source::SourceKind::video, ".mp4, .mov, .mkv, .avi");
  rejects("out.wav", source::SourceKind::camera, ".mp4, .mov, .mkv, .avi");
  test::save((folder / "file.png").string(), "x");
  rejects("file.png", source::SourceKind::files, "a folder");
}

TEST_CASE("in a folder files are named after their sources and nothing is replaced",
          "[output][unit]") {
  const TemporaryFolder folder;
  const std::string out = (folder / "out").string();
  const auto output = open_annotated_output(out, source::SourceKind::files);
  output->write(still("a/x.png"), plain_picture(8, 8, 10));
  output->write(still("b/x.png"), plain_picture(8, 8, 20));
  output->write(still("b/y.pgm"), plain_picture(8, 8, 30));
  output->write(still("noending"), plain_picture(8, 8, 40));
  output->finish();
  CHECK(image::read_image(out + "/x.png").at<cv::Vec3b>(0, 0)[0] == 10);
  CHECK(image::read_image(out + "/x-2.png").at<cv::Vec3b>(0, 0)[0] == 20);
  CHECK(image::read_image(out + "/y.png").at<cv::Vec3b>(0, 0)[0] == 30);
  CHECK(image::read_image(out + "/noending.png").at<cv::Vec3b>(0, 0)[0] == 40);
}

TEST_CASE("a single source goes into a folder that is there or ends with a slash",
          "[output][unit]") {
  const TemporaryFolder folder;
  open_annotated_output(folder.path().string(), source::SourceKind::image)
      ->write(still("in.jpg"), plain_picture(8, 8, 10));
  CHECK(std::filesystem::exists((folder / "in.jpg").string()));
  open_annotated_output((folder / "new/").string(), source::SourceKind::image)
      ->write(still("in.jpg"), plain_picture(8, 8, 10));
  CHECK(std::filesystem::exists((folder / "new/in.jpg").string()));
}

TEST_CASE("a video that was written plays back with its frames and rate", "[output][unit]") {
  const TemporaryFolder folder;
  const std::string path = (folder / "deep/out.avi").string();
  const auto output = open_annotated_output(path, source::SourceKind::video);
  for (std::int64_t i = 0; i < 5; ++i) {
    // The third frame has another size, as a camera's may; it is fitted, not lost.
    const int width = i == 2 ? 100 : 64;
    output->write(moving("in.mp4", i), plain_picture(width, 48, 40.0 * double(i)));
  }
  output->finish();
  const auto frames = read_video(path);
  REQUIRE(frames.size() == 5);
  CHECK(frames[0].frames_per_second == 10.0);
  CHECK(frames[2].image.size() == cv::Size(64, 48));
  CHECK(std::abs(cv::mean(frames[4].image)[0] - 160.0) < 5.0);
}

TEST_CASE("a video takes its name when it is finished, and until then nothing is lost",
          "[output][unit]") {
  const TemporaryFolder folder;
  const std::string path = test::save((folder / "out.avi").string(), "what was there");
  {
    const auto output = open_annotated_output(path, source::SourceKind::video);
    for (std::int64_t i = 0; i < 3; ++i) {
      output->write(moving("in.mp4", i), plain_picture(64, 48, 9));
    }
  }
  CHECK(std::filesystem::file_size(path) == std::string("what was there").size());
  CHECK(folder.entries() == 1);
}

TEST_CASE("in a folder a stream's file is named after its address without what is secret",
          "[output][unit]") {
  const TemporaryFolder folder;
  const auto output = open_annotated_output((folder / "out/").string(), source::SourceKind::camera);
  output->write(moving("rtsp://user:***@camera.local/?a=b", 0), plain_picture(64, 48, 9));
  output->finish();
  CHECK(std::filesystem::exists(folder / "out/camera.local.mp4"));
}

TEST_CASE("in a folder each video becomes a file of its own", "[output][unit]") {
  const TemporaryFolder folder;
  const auto output = open_annotated_output((folder / "out").string(), source::SourceKind::files);
  for (std::int64_t i = 0; i < 2; ++i) output->write(moving("a.avi", i), plain_picture(64, 48, 9));
  output->write(still("p.png"), plain_picture(8, 8, 10));
  for (std::int64_t i = 0; i < 3; ++i) output->write(moving("b.avi", i), plain_picture(32, 32, 9));
  output->finish();
  CHECK(read_video((folder / "out/a.mp4").string()).size() == 2);
  CHECK(read_video((folder / "out/b.mp4").string()).size() == 3);
  CHECK(std::filesystem::exists((folder / "out/p.png").string()));
}

TEST_CASE("a folder that cannot be made is an error naming it", "[output][unit]") {
  const TemporaryFolder folder;
  const std::string file = test::save((folder / "file").string(), "x");
  const auto is_told = MessageMatches(ContainsSubstring(file + ": the folder cannot be made"));
  CHECK_THROWS_MATCHES(open_annotated_output(file + "/out.png", source::SourceKind::image)
                           ->write(still("in.png"), plain_picture(8, 8, 1)),
                       Error, MessageMatches(ContainsSubstring(file + " is a file")));
  CHECK_THROWS_MATCHES(open_annotated_output(file + "/out.mp4", source::SourceKind::video)
                           ->write(moving("in.mp4", 0), plain_picture(64, 48, 1)),
                       Error, MessageMatches(ContainsSubstring(file + " is a file")));
}

// Numbered frames at these times.
void write_frames(AnnotatedOutput& output, const std::vector<double>& times_s) {
  for (std::size_t i = 0; i < times_s.size(); ++i) {
    source::Frame frame = moving("in.mp4", static_cast<std::int64_t>(i));
    frame.time_s = times_s[i];
    output.write(frame, test::numbered_picture(i));
  }
  output.finish();
}

// Which frame is shown at a time.
long shown_at(const std::vector<source::Frame>& frames, double time_s) {
  const source::Frame* shown = nullptr;
  for (const source::Frame& frame : frames) {
    if (frame.time_s <= time_s) shown = &frame;
  }
  return shown == nullptr ? -1 : test::number_of(shown->image);
}

TEST_CASE("A video keeps its source's time where its container has one", "[output][video][unit]") {
  const TemporaryFolder folder;
  // A phone's: 30 frames a second, then 10; then a pause.
  std::vector<double> times_s;
  for (int i = 0; i < 60; ++i) times_s.push_back(i / 30.0);
  for (int i = 0; i < 20; ++i) times_s.push_back(2.0 + i / 10.0);
  times_s.push_back(8.0);
  for (const char* name : {"out.mp4", "out.mov", "out.mkv"}) {
    CAPTURE(name);
    const std::string path = (folder / name).string();
    write_frames(*open_annotated_output(path, source::SourceKind::video), times_s);
    const std::vector<source::Frame> written = read_video(path);
    REQUIRE(written.size() == times_s.size());
    for (std::size_t i = 0; i < times_s.size(); ++i) {
      CHECK(std::abs(written[i].time_s - times_s[i]) < 0.0011);
    }
    CHECK(shown_at(written, 3.01) == 70);
    CHECK(shown_at(written, 7.9) == 79);
  }
}

TEST_CASE("In a container without times pictures are repeated, or left out, to keep them",
          "[output][video][unit]") {
  const TemporaryFolder folder;
  const std::string path = (folder / "out.avi").string();
  // At ten frames a second: 0, 1, then nothing for a second, then two in one frame's time.
  write_frames(*open_annotated_output(path, source::SourceKind::video), {0.0, 0.1, 1.1, 1.2, 1.21});
  const std::vector<source::Frame> gaps = read_video(path);
  REQUIRE(gaps.size() == 14);  // 1.2 seconds and the last one's
  CHECK(shown_at(gaps, 0.11) == 1);
  CHECK(shown_at(gaps, 1.01) == 1);
  CHECK(shown_at(gaps, 1.11) == 2);
  CHECK(shown_at(gaps, 1.31) == 4);

  // For two seconds three times as many as it is said to have.
  std::vector<double> times_s;
  for (int i = 0; i < 60; ++i) times_s.push_back(i / 30.0);
  for (int i = 0; i < 20; ++i) times_s.push_back(2.0 + i / 10.0);
  write_frames(*open_annotated_output(path, source::SourceKind::video), times_s);
  const std::vector<source::Frame> dense = read_video(path);
  for (const double time_s : {1.0, 2.0, 3.0}) {
    CAPTURE(time_s);
    const long due =
        time_s < 2.0 ? std::lround(30 * time_s) : std::lround(60 + 10 * (time_s - 2.0));
    CHECK(std::abs(shown_at(dense, time_s + 0.01) - due) <= (time_s <= 2.0 ? 6 : 2));
  }
}

TEST_CASE("What precedes the first picture is shown as that one", "[output][video][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"out.mp4", "out.mkv", "out.avi"}) {
    CAPTURE(name);
    const std::string path = (folder / name).string();
    write_frames(*open_annotated_output(path, source::SourceKind::video), {0.8, 0.9, 1.0});
    const std::vector<source::Frame> written = read_video(path);
    CHECK(written.front().time_s == 0.0);
    CHECK(shown_at(written, 0.01) == 0);
    CHECK(shown_at(written, 0.85) == 0);
    CHECK(shown_at(written, 0.91) == 1);
    CHECK(shown_at(written, 1.01) == 2);
  }
}

TEST_CASE("Where a source's clock stands still, or leaps by years, its video stays one that plays",
          "[output][video][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"out.mp4", "out.mov", "out.mkv", "out.avi"}) {
    CAPTURE(name);
    const std::string path = (folder / name).string();
    write_frames(*open_annotated_output(path, source::SourceKind::video), {0.0, 0.0, 0.0, 0.35});
    const std::vector<source::Frame> still = read_video(path);
    REQUIRE(still.size() >= 4);
    CHECK(std::abs(still[1].time_s - 0.1) < 0.0011);
    CHECK(std::abs(still[2].time_s - 0.2) < 0.0011);
    CHECK(shown_at(still, 0.41) == 3);
    write_frames(*open_annotated_output(path, source::SourceKind::video),
                 {0.0, 1e9, 1e9 + 0.1, 1e300});
    const std::vector<source::Frame> leaping = read_video(path);
    CHECK(leaping.size() < 5000);
    CHECK(shown_at(leaping, 1e12) == 3);
  }
}

TEST_CASE("Colours and levels come back as they were", "[output][video][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"out.mp4", "out.mov", "out.mkv", "out.avi"}) {
    CAPTURE(name);
    const std::string path = (folder / name).string();
    const auto output = open_annotated_output(path, source::SourceKind::video);
    // An odd size: the last row and column are left out.
    cv::Mat picture(101, 131, CV_8UC3, cv::Scalar(40, 120, 200));
    picture.rowRange(0, 32) = cv::Scalar::all(255);
    picture.rowRange(32, 64) = cv::Scalar::all(0);
    for (std::int64_t i = 0; i < 3; ++i) output->write(moving("in.mp4", i), picture);
    output->finish();
    const std::vector<source::Frame> written = read_video(path);
    REQUIRE(written.size() == 3);
    CHECK(written[2].size == cv::Size(130, 100));
    const auto check = [&](int row, const cv::Scalar& colour) {
      const cv::Scalar off = cv::mean(written[2].image.rowRange(row, row + 16)) - colour;
      CAPTURE(row, off[0], off[1], off[2]);
      CHECK(std::max({std::abs(off[0]), std::abs(off[1]), std::abs(off[2])}) <
            8.0);  // a wrong range is off by 16
    };
    check(8, cv::Scalar::all(255));
    check(40, cv::Scalar::all(0));
    check(76, cv::Scalar(40, 120, 200));
  }
}

// Limits the size of this process's files while it lives, as on a full disk.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_CASE("A video that cannot be written to its end is an error, and what was there stays",
          "[output][video][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"out.mp4", "out.mov", "out.mkv", "out.avi"}) {
    // Some fail while they grow, some only when they are finished.
    for (const int frames : {1, 4, 60}) {
      CAPTURE(name, frames);
      const std::string path = test::save((folder / name).string(), "what was there");
      const auto write = [&] {
        const FileLimit limit(4096);
        const auto output = open_annotated_output(path, source::SourceKind::video);
        cv::Mat noise(240, 320, CV_8UC3);
        for (std::int64_t i = 0; i < frames; ++i) {
          cv::randu(noise, 0, 255);
          output->write(moving("in.mp4", i), noise);
        }
        output->finish();
      };
      CHECK_THROWS_MATCHES(write(), Error,
                           MessageMatches(ContainsSubstring(path + ": cannot be written: ")));
      CHECK(std::filesystem::file_size(path) == std::string("what was there").size());
      std::filesystem::remove(path);
      CHECK(folder.entries() == 0);
    }
  }
}

}  // namespace
}  // namespace fer::output
