#include "fer/predict/annotated_output.h"

#include <cmath>
#include <sstream>

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "predict/predict_fixtures.h"
#include "support/catch.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::plain_picture;
using test::TemporaryFolder;

Frame still(const std::string& source) {
  Frame frame;
  frame.source = source;
  return frame;
}

Frame moving(const std::string& source, std::int64_t index) {
  Frame frame;
  frame.source = source;
  frame.index = index;
  frame.frames_per_second = 10.0;
  return frame;
}

std::vector<Frame> read_video(const std::string& path) {
  std::istringstream names;
  return test::all_frames(*open_source(path, {}, names));
}

TEST_CASE("one picture goes to the file named, folders made as needed", "[predict][unit]") {
  const TemporaryFolder folder;
  const std::string path = (folder / "new/out.png").string();
  const auto output = open_annotated_output(path, SourceKind::image);
  output->write(still("in.jpg"), plain_picture(30, 20, 77));
  output->finish();
  const cv::Mat written = read_image(path);
  CHECK(written.size() == cv::Size(30, 20));
  CHECK(written.at<cv::Vec3b>(5, 5) == cv::Vec3b(77, 77, 77));
}

TEST_CASE("a name that cannot be written is refused before anything is read", "[predict][unit]") {
  const TemporaryFolder folder;
  const auto rejects = [&](const std::string& name, SourceKind kind, const std::string& allowed) {
    CHECK_THROWS_MATCHES(open_annotated_output((folder / name).string(), kind), Error,
                         MessageMatches(ContainsSubstring(name) && ContainsSubstring(allowed)));
  };
  rejects("out", SourceKind::image, ".jpg, .jpeg, .png");
  rejects("out.gif", SourceKind::image, ".jpg, .jpeg, .png");
  rejects("out.mp4", SourceKind::image, ".jpg, .jpeg, .png");
  rejects("out.jpg", SourceKind::video, ".mp4, .mov, .mkv, .avi");
  rejects("out.wav", SourceKind::camera, ".mp4, .mov, .mkv, .avi");
  test::save((folder / "file.png").string(), "x");
  rejects("file.png", SourceKind::files, "a folder");
}

TEST_CASE("in a folder files are named after their sources and nothing is replaced",
          "[predict][unit]") {
  const TemporaryFolder folder;
  const std::string out = (folder / "out").string();
  const auto output = open_annotated_output(out, SourceKind::files);
  output->write(still("a/x.png"), plain_picture(8, 8, 10));
  output->write(still("b/x.png"), plain_picture(8, 8, 20));
  output->write(still("b/y.pgm"), plain_picture(8, 8, 30));
  output->write(still("noending"), plain_picture(8, 8, 40));
  output->finish();
  CHECK(read_image(out + "/x.png").at<cv::Vec3b>(0, 0)[0] == 10);
  CHECK(read_image(out + "/x-2.png").at<cv::Vec3b>(0, 0)[0] == 20);
  CHECK(read_image(out + "/y.png").at<cv::Vec3b>(0, 0)[0] == 30);
  CHECK(read_image(out + "/noending.png").at<cv::Vec3b>(0, 0)[0] == 40);
}

TEST_CASE("a single source goes into a folder that is there or ends with a slash",
          "[predict][unit]") {
  const TemporaryFolder folder;
  open_annotated_output(folder.path().string(), SourceKind::image)
      ->write(still("in.jpg"), plain_picture(8, 8, 10));
  CHECK(std::filesystem::exists((folder / "in.jpg").string()));
  open_annotated_output((folder / "new/").string(), SourceKind::image)
      ->write(still("in.jpg"), plain_picture(8, 8, 10));
  CHECK(std::filesystem::exists((folder / "new/in.jpg").string()));
}

TEST_CASE("a video that was written plays back with its frames and rate", "[predict][unit]") {
  const TemporaryFolder folder;
  const std::string path = (folder / "deep/out.avi").string();
  const auto output = open_annotated_output(path, SourceKind::video);
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
          "[predict][unit]") {
  const TemporaryFolder folder;
  const std::string path = test::save((folder / "out.avi").string(), "what was there");
  {
    const auto output = open_annotated_output(path, SourceKind::video);
    for (std::int64_t i = 0; i < 3; ++i) {
      output->write(moving("in.mp4", i), plain_picture(64, 48, 9));
    }
  }
  CHECK(std::filesystem::file_size(path) == std::string("what was there").size());
  CHECK(folder.entries() == 1);
}

TEST_CASE("in a folder each video becomes a file of its own", "[predict][unit]") {
  const TemporaryFolder folder;
  const auto output = open_annotated_output((folder / "out").string(), SourceKind::files);
  for (std::int64_t i = 0; i < 2; ++i) output->write(moving("a.avi", i), plain_picture(64, 48, 9));
  output->write(still("p.png"), plain_picture(8, 8, 10));
  for (std::int64_t i = 0; i < 3; ++i) output->write(moving("b.avi", i), plain_picture(32, 32, 9));
  output->finish();
  CHECK(read_video((folder / "out/a.mp4").string()).size() == 2);
  CHECK(read_video((folder / "out/b.mp4").string()).size() == 3);
  CHECK(std::filesystem::exists((folder / "out/p.png").string()));
}

TEST_CASE("a place that cannot be written to is an error naming the file", "[predict][unit]") {
  const TemporaryFolder folder;
  const std::string file = test::save((folder / "file").string(), "x");
  CHECK_THROWS_MATCHES(open_annotated_output(file + "/out.png", SourceKind::image)
                           ->write(still("in.png"), plain_picture(8, 8, 1)),
                       Error, MessageMatches(ContainsSubstring("out.png")));
  CHECK_THROWS_MATCHES(open_annotated_output(file + "/out.mp4", SourceKind::video)
                           ->write(moving("in.mp4", 0), plain_picture(64, 48, 1)),
                       Error, MessageMatches(ContainsSubstring("out.mp4: cannot be written")));
}

TEST_CASE("A video keeps its source's time: gaps are filled, no frame is left out",
          "[predict][unit]") {
  const TemporaryFolder folder;
  const std::string path = (folder / "out.avi").string();
  const auto output = open_annotated_output(path, SourceKind::video);
  // At ten frames a second: 0, 1, then nothing for a second, then two in one frame's time.
  const double times[] = {5.0, 5.1, 6.1, 6.2, 6.21};
  for (int i = 0; i < 5; ++i) {
    Frame frame = moving("in.avi", i);
    frame.time_s = times[i];
    output->write(frame, plain_picture(64, 48, 40.0 * i));
  }
  output->finish();
  const std::vector<Frame> written = read_video(path);
  REQUIRE(written.size() == 14);  // 1.2 seconds and the last one's
  const auto grey = [&](std::size_t i) { return cv::mean(written[i].image)[0]; };
  CHECK(std::abs(grey(1) - 40.0) < 6.0);
  CHECK(std::abs(grey(9) - 40.0) < 6.0);
  CHECK(std::abs(grey(11) - 80.0) < 6.0);
  CHECK(std::abs(grey(13) - 160.0) < 6.0);
}

}  // namespace
}  // namespace fer
