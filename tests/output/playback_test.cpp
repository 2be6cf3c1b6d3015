#include "fer/output/playback.h"

#include <cmath>
#include <vector>

#include "support/catch.h"

namespace fer::output {
namespace {

using Catch::Approx;

source::Frame frame_at(std::int64_t index, double rate = 10.0,
                       const std::string& source = "a.mp4") {
  source::Frame frame;
  frame.source = source;
  frame.index = index;
  frame.time_s = rate > 0.0 ? static_cast<double>(index) / rate : 0.0;
  frame.frames_per_second = rate;
  return frame;
}

// Where the next frame comes at the source's rate.
double seconds(Playback& playback, const source::Frame& frame, bool live, double now_s) {
  source::Frame next = frame;
  ++next.index;
  if (frame.moving()) next.time_s += 1.0 / frame.frames_per_second;
  return playback.seconds(frame, &next, live, now_s);
}

TEST_CASE("A still picture waits for the person, what is live is not held up", "[output][unit]") {
  Playback playback;
  CHECK(std::isinf(seconds(playback, frame_at(0, 0.0), /*live=*/false, 5.0)));
  CHECK(seconds(playback, frame_at(3), /*live=*/true, 5.0) == 0.0);
}

TEST_CASE("A video that is read fast is shown at its own speed", "[output][unit]") {
  Playback playback;
  // Ten frames a second from second 100 on: frame i ends at 100.1 + i / 10.
  CHECK(seconds(playback, frame_at(0), false, 100.0) == Approx(0.1));
  CHECK(seconds(playback, frame_at(1), false, 100.1) == Approx(0.1));
  CHECK(seconds(playback, frame_at(2), false, 100.25) == Approx(0.05));  // it came late
}

TEST_CASE("A video that is read too slowly is not made up for", "[output][unit]") {
  Playback playback;
  seconds(playback, frame_at(0), false, 100.0);
  CHECK(seconds(playback, frame_at(1), false, 103.0) == Approx(0.1));
  CHECK(seconds(playback, frame_at(2), false, 103.1) == Approx(0.1));  // and not three at once
}

TEST_CASE("Another video begins its own clock, and a leaping one waits no long time",
          "[output][unit]") {
  Playback playback;
  seconds(playback, frame_at(0), false, 100.0);
  CHECK(seconds(playback, frame_at(0, 5.0, "b.mp4"), false, 100.1) == Approx(0.2));
  source::Frame leaping = frame_at(1, 5.0, "b.mp4");
  leaping.time_s = 3600.0;
  CHECK(seconds(playback, leaping, false, 100.3) == Approx(10.0));
  // And those behind it are shown at their speed again.
  leaping.index = 2;
  leaping.time_s = 3600.2;
  CHECK(seconds(playback, leaping, false, 110.3) == Approx(0.2));
}

TEST_CASE("Each frame is shown until the next one's own time", "[output][unit]") {
  Playback playback;
  std::vector<source::Frame> frames;
  for (const double time : {0.0, 0.1, 0.4, 3.4, 3.5}) {
    frames.push_back(frame_at(static_cast<std::int64_t>(frames.size())));
    frames.back().time_s = time;
  }
  double now = 50.0;
  for (const double length : {0.1, 0.3, 3.0, 0.1, 0.1}) {
    const source::Frame frame = frames.front();
    frames.erase(frames.begin());
    const double shown =
        playback.seconds(frame, frames.empty() ? nullptr : &frames.front(), false, now);
    CHECK(shown == Approx(length));
    now += shown;
  }
  // The next frame is of another file.
  const source::Frame other = frame_at(0, 10.0, "b.mp4");
  CHECK(playback.seconds(frame_at(5), &other, false, now) == Approx(0.1));
}

}  // namespace
}  // namespace fer::output
