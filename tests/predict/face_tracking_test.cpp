#include "fer/predict/face_tracking.h"

#include "fer/predict/face_finder.h"
#include "predict/frame_work_fixtures.h"
#include "support/catch.h"

namespace fer::predict {
namespace {

using test::CountingDetector;
using test::open_new;
using test::picture_with;
using test::video_frame;

TEST_CASE("the faces of a video keep their numbers, those of pictures have none",
          "[predict][unit]") {
  FaceFinder find(open_new<CountingDetector>, 1, {});
  FaceTracking tracking;
  std::vector<std::optional<std::int64_t>> tracks;
  for (int i = 0; i < 4; ++i) {
    FrameWork frame = video_frame(1, 0.1 * i);
    find.find(frame);
    tracking.update(frame);
    tracks.push_back(frame.prediction.faces[0].track);
  }
  // Two frames in a row make a track.
  CHECK(tracks[1] == 1);
  CHECK(tracks[3] == 1);
  FrameWork still = picture_with(1, "a.png");
  find.find(still);
  tracking.update(still);
  CHECK_FALSE(still.prediction.faces[0].track.has_value());
}

TEST_CASE("another video starts with new numbers", "[predict][unit]") {
  FaceFinder find(open_new<CountingDetector>, 1, {});
  FaceTracking tracking;
  for (const char* name : {"one.mp4", "two.mp4"}) {
    std::optional<std::int64_t> track;
    for (int i = 0; i < 3; ++i) {
      // The second goes on in time where the first ended: boxes alone would be one track.
      FrameWork frame = video_frame(1, 0.1 * i + (name[0] == 't' ? 0.3 : 0.0), name);
      find.find(frame);
      tracking.update(frame);
      track = frame.prediction.faces[0].track;
    }
    CHECK(track == (name[0] == 'o' ? 1 : 2));
  }
}

}  // namespace
}  // namespace fer::predict
