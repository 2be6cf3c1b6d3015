#include "fer/track/scene_cuts.h"

#include <sstream>

#include "fer/source/open_source.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::track {
namespace {

// A bright square on a dark ground.
cv::Mat scene(int left, double ground = 40.0, double square = 200.0) {
  cv::Mat picture = test::plain_picture(160, 120, ground);
  cv::rectangle(picture, {left, 30, 50, 60}, cv::Scalar::all(square), cv::FILLED);
  return picture;
}

TEST_CASE("Another picture is a cut, the same one moved a little or lit differently is none",
          "[track][unit]") {
  SceneCuts cuts;
  CHECK_FALSE(cuts.cut(look_of(scene(20)), 0.0));  // the first frame is no cut
  CHECK_FALSE(cuts.cut(look_of(scene(22)), 0.04));
  CHECK_FALSE(cuts.cut(look_of(scene(22, 60.0, 240.0)), 0.08));
  CHECK(cuts.cut(look_of(scene(100)), 0.12));
  CHECK_FALSE(cuts.cut(look_of(scene(100)), 0.16));
}

TEST_CASE("Of frames far apart, or of a clock that leaps, nothing is said", "[track][unit]") {
  SceneCuts cuts;
  cuts.cut(look_of(scene(20)), 0.0);
  CHECK_FALSE(cuts.cut(look_of(scene(100)), 1.0));
  CHECK_FALSE(cuts.cut(look_of(scene(20)), 0.5));
}

TEST_CASE("The clip's cuts are found, and no others", "[track][integration]") {
  const auto clip = test::shared_photo("clip.mp4");
  if (!clip) FER_SKIP("no shared clip on this machine");
  std::istringstream none;
  const auto source = source::open_source(*clip, {}, none);
  SceneCuts cuts;
  std::vector<std::int64_t> found;
  source::Frame frame;
  while (source->next(frame)) {
    REQUIRE_FALSE(frame.failed());
    if (cuts.cut(look_of(frame.image), frame.time_s)) found.push_back(frame.index);
  }
  CHECK(found == std::vector<std::int64_t>{20, 82, 211});  // found by looking at the pictures
}

}  // namespace
}  // namespace fer::track
