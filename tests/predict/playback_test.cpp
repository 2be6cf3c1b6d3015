#include "fer/predict/playback.h"

#include <cmath>

#include "support/catch.h"

namespace fer {
namespace {

using Catch::Approx;

Frame frame_at(std::int64_t index, double rate = 10.0, const std::string& source = "a.mp4") {
  Frame frame;
  frame.source = source;
  frame.index = index;
  frame.time_s = rate > 0.0 ? static_cast<double>(index) / rate : 0.0;
  frame.frames_per_second = rate;
  return frame;
}

TEST_CASE("A still picture waits for the person, what is live is not held up", "[predict][unit]") {
  Playback playback;
  CHECK(std::isinf(playback.seconds(frame_at(0, 0.0), /*live=*/false, 5.0)));
  CHECK(playback.seconds(frame_at(3), /*live=*/true, 5.0) == 0.0);
}

TEST_CASE("A video that is read fast is shown at its own speed", "[predict][unit]") {
  Playback playback;
  // Ten frames a second from second 100 on: frame i ends at 100.1 + i / 10.
  CHECK(playback.seconds(frame_at(0), false, 100.0) == Approx(0.1));
  CHECK(playback.seconds(frame_at(1), false, 100.1) == Approx(0.1));
  CHECK(playback.seconds(frame_at(2), false, 100.25) == Approx(0.05));  // it came late
}

TEST_CASE("A video that is read too slowly is not made up for", "[predict][unit]") {
  Playback playback;
  playback.seconds(frame_at(0), false, 100.0);
  CHECK(playback.seconds(frame_at(1), false, 103.0) == Approx(0.1));
  CHECK(playback.seconds(frame_at(2), false, 103.1) == Approx(0.1));  // and not three at once
}

TEST_CASE("Another video begins its own clock, and a leaping one waits no long time",
          "[predict][unit]") {
  Playback playback;
  playback.seconds(frame_at(0), false, 100.0);
  CHECK(playback.seconds(frame_at(0, 5.0, "b.mp4"), false, 100.1) == Approx(0.2));
  Frame leaping = frame_at(1, 5.0, "b.mp4");
  leaping.time_s = 3600.0;
  CHECK(playback.seconds(leaping, false, 100.3) == Approx(2.0));  // ten frames
}

}  // namespace
}  // namespace fer
