#include "fer/output/video_encoder.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "fer/core/error.h"
#include "fer/source/open_source.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::output {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    REQUIRE(descriptor_ >= 0);
  }
  ~OpenFile() { ::close(descriptor_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

TEST_CASE("A picture larger than MPEG-4 can hold is written all the same",
          "[output][video][unit]") {
  const test::TemporaryFolder folder;
  const std::string path = (folder / "v.mp4").string();
  const OpenFile file(path);
  const auto encoder = open_video_encoder(file.descriptor(), ".mp4", {8500, 16}, 10.0);
  for (const double time_s : {0.0, 0.1}) {
    encoder->write(test::plain_picture(8500, 16, 90.0), time_s);
  }
  encoder->finish();
  std::istringstream none;
  const auto frames = test::all_frames(*source::open_source(path, {}, none));
  REQUIRE(frames.size() == 2);
  CHECK(frames[1].size == cv::Size(8500, 16));
}

TEST_CASE("What cannot be written to, or has no container's name, is an error",
          "[output][video][unit]") {
  const test::TemporaryFolder folder;
  const OpenFile file(folder / "v");
  CHECK_THROWS_AS(open_video_encoder(file.descriptor(), ".gif", {64, 48}, 10.0), Error);
  for (const std::string& ending : video_endings()) {
    CAPTURE(ending);
    constexpr int kClosed = 1'000'000;
    CHECK_THROWS_AS(open_video_encoder(kClosed, ending, {64, 48}, 10.0)->finish(), Error);
    const OpenFile whole(folder / ("v" + ending));
    CHECK_NOTHROW(open_video_encoder(whole.descriptor(), ending, {64, 48}, 10.0)->finish());
  }
}

}  // namespace
}  // namespace fer::output
