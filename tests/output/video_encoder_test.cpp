#include "fer/output/video_encoder.h"

#include <sstream>

#include "fer/core/error.h"
#include "fer/source/open_source.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::output {
namespace {

TEST_CASE("A picture larger than MPEG-4 can hold is written all the same",
          "[output][video][unit]") {
  const test::TemporaryFolder folder;
  const std::string path = (folder / "v.mp4").string();
  const auto encoder = open_video_encoder(path, ".mp4", {8500, 16}, 10.0);
  for (const double time_s : {0.0, 0.1}) {
    encoder->write(test::plain_picture(8500, 16, 90.0), time_s);
  }
  encoder->finish();
  std::istringstream none;
  const auto frames = test::all_frames(*source::open_source(path, {}, none));
  REQUIRE(frames.size() == 2);
  CHECK(frames[1].size == cv::Size(8500, 16));
}

TEST_CASE("A file that cannot be opened, or has no container's name, is an error",
          "[output][video][unit]") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(open_video_encoder(folder / "none/v.mp4", ".mp4", {64, 48}, 10.0), Error);
  CHECK_THROWS_AS(open_video_encoder(folder / "v.gif", ".gif", {64, 48}, 10.0), Error);
  for (const std::string& ending : video_endings()) {
    CAPTURE(ending);
    CHECK_NOTHROW(open_video_encoder(folder / ("v" + ending), ending, {64, 48}, 10.0)->finish());
  }
}

}  // namespace
}  // namespace fer::output
