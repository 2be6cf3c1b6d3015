#include "fer/track/tracker.h"

#include <opencv2/videoio.hpp>
#include <set>

#include "detect/detector_fixtures.h"
#include "fer/detect/open_detector.h"
#include "fer/image/image.h"
#include "support/catch.h"

namespace fer::track {
namespace {

using Numbers = std::vector<std::optional<std::int64_t>>;
using Boxes = std::vector<cv::Rect>;

constexpr TrackerOptions kAtOnce{.least_overlap = 0.3, .hits = 1, .patience_s = 1.0};

cv::Rect face(double x, double y, int size = 80) {
  return {cvRound(x) - size / 2, cvRound(y) - size / 2, size, size};
}

TEST_CASE("a face gets its number once it was seen often enough", "[track][unit]") {
  Tracker tracker({.least_overlap = 0.3, .hits = 3, .patience_s = 1.0});
  const Boxes boxes = {face(100, 100)};
  CHECK(tracker.update(0.0, boxes) == Numbers{std::nullopt});
  CHECK(tracker.update(0.1, boxes) == Numbers{std::nullopt});
  CHECK(tracker.update(0.2, boxes) == Numbers{1});
  CHECK(tracker.update(0.3, boxes) == Numbers{1});
}

TEST_CASE("a flicker never gets a number, and uses none up", "[track][unit]") {
  Tracker tracker({.least_overlap = 0.3, .hits = 2, .patience_s = 1.0});
  CHECK(tracker.update(0.0, Boxes{face(100, 100)}) == Numbers{std::nullopt});
  CHECK(tracker.update(0.1, Boxes{}).empty());
  CHECK(tracker.update(0.2, Boxes{face(100, 100)}) == Numbers{std::nullopt});
  CHECK(tracker.update(0.3, Boxes{face(100, 100), face(500, 100)}) == Numbers{1, std::nullopt});
}

TEST_CASE("a new face gets the next number, whatever its place in the list", "[track][unit]") {
  Tracker tracker(kAtOnce);
  CHECK(tracker.update(0.0, Boxes{face(300, 100)}) == Numbers{1});
  CHECK(tracker.update(0.1, Boxes{face(100, 100), face(302, 100)}) == Numbers{2, 1});
  CHECK(tracker.update(0.2, Boxes{face(101, 100), face(304, 100), face(500, 100)}) ==
        Numbers{2, 1, 3});
}

TEST_CASE("two faces that cross keep their numbers", "[track][unit]") {
  // One face moves to the right, another, a little lower, to the left, at 25 frames a second. Boxes
  // come sorted from left to right, as a detector gives them. In the second run the nearer face
  // hides the other while they cross.
  for (const bool hides : {false, true}) {
    CAPTURE(hides);
    Tracker tracker(kAtOnce);
    std::set<std::int64_t> all;
    for (int i = 0; i <= 75; ++i) {
      const double time_s = i / 25.0;
      const cv::Rect a = face(100 + 120 * time_s, 200, 90);
      const cv::Rect b = face(460 - 120 * time_s, 225, 80);
      const bool b_left = b.x < a.x;
      const bool hidden = hides && std::abs(a.x - b.x) < 40;
      const Boxes boxes = hidden ? Boxes{a} : b_left ? Boxes{b, a} : Boxes{a, b};
      const Numbers numbers = tracker.update(time_s, boxes);
      CAPTURE(i, a.x, b.x);
      CHECK(numbers[!hidden && b_left ? 1 : 0] == 1);
      if (!hidden) CHECK(numbers[b_left ? 0 : 1] == 2);
      for (const auto& number : numbers) all.insert(*number);
    }
    CHECK(all == std::set<std::int64_t>{1, 2});
  }
}

TEST_CASE("a face that is gone for less than the patience comes back as itself", "[track][unit]") {
  const auto seen_again_after = [](double gap_s, double rate) {
    Tracker tracker(kAtOnce);
    double time_s = 0.0;
    for (; time_s < 1.0; time_s += 1 / rate) {
      CHECK(tracker.update(time_s, Boxes{face(200 + 40 * time_s, 200), face(500, 200)}) ==
            Numbers{1, 2});
    }
    const double end_s = time_s + gap_s;
    for (; time_s < end_s; time_s += 1 / rate) {
      CHECK(tracker.update(time_s, Boxes{face(500, 200)}) == Numbers{2});
    }
    return tracker.update(time_s, Boxes{face(200 + 40 * time_s, 200), face(500, 200)})[0].value();
  };
  for (const double rate : {8.0, 32.0}) {
    CAPTURE(rate);
    CHECK(seen_again_after(0.75, rate) == 1);
    CHECK(seen_again_after(1.5, rate) == 3);
  }
}

TEST_CASE("patience counts from the first frame without the face", "[track][unit]") {
  Tracker tracker(kAtOnce);  // a frame every five seconds, each longer than the patience
  for (int i = 0; i < 4; ++i) {
    CHECK(tracker.update(5.0 * i, Boxes{face(200, 200)}) == Numbers{1});
  }
  tracker.update(20.0, Boxes{});
  // Back before the track was dropped.
  CHECK(tracker.update(25.0, Boxes{face(200, 200)}) == Numbers{1});
  tracker.update(30.0, Boxes{});
  tracker.update(35.0, Boxes{});
  CHECK(tracker.update(40.0, Boxes{face(200, 200)}) == Numbers{2});
}

TEST_CASE("a face that jumps too far is a new one", "[track][unit]") {
  Tracker tracker(kAtOnce);
  CHECK(tracker.update(0.0, Boxes{face(100, 100)}) == Numbers{1});
  CHECK(tracker.update(0.04, Boxes{face(300, 100)}) == Numbers{2});
}

TEST_CASE("a clock that goes back, and a cut, start over", "[track][unit]") {
  Tracker tracker(kAtOnce);
  const Boxes boxes = {face(100, 100)};
  CHECK(tracker.update(7.0, boxes) == Numbers{1});
  CHECK(tracker.update(7.0, boxes) == Numbers{1});  // no time has passed
  CHECK(tracker.update(0.0, boxes) == Numbers{2});
  tracker.start_over();
  CHECK(tracker.update(0.1, boxes) == Numbers{3});
}

TEST_CASE("noisy boxes of still faces keep their numbers, and the same input gives the same",
          "[track][unit]") {
  const auto run = [] {
    Tracker tracker(kAtOnce);
    cv::RNG random(5);
    std::vector<Numbers> all;
    for (int i = 0; i < 300; ++i) {
      Boxes boxes;
      for (const double x : {100.0, 170.0, 240.0, 400.0}) {
        boxes.push_back(face(x + random.gaussian(4), 200 + random.gaussian(4),
                             80 + cvRound(random.gaussian(4))));
      }
      all.push_back(tracker.update(i / 30.0, boxes));
    }
    return all;
  };
  const auto all = run();
  for (const Numbers& numbers : all) CHECK(numbers == Numbers{1, 2, 3, 4});
  CHECK(all == run());
}

// The clip shows a singer from frame 90 to 205 and, from 214 on, an audience with four well-lit
// faces.
void check_clip(detect::Detector& detector, const std::string& path) {
  cv::VideoCapture clip(path);
  REQUIRE(clip.isOpened());
  Tracker tracker;
  std::set<std::int64_t> singer;
  std::set<std::int64_t> steady;  // faces of the audience that are in every frame
  cv::Mat frame;
  for (int i = 0; clip.read(frame); ++i) {
    Boxes boxes;
    for (const detect::DetectedFace& found : detector.detect(frame)) boxes.push_back(found.box);
    std::set<std::int64_t> numbers;
    CAPTURE(i);
    for (const auto& number : tracker.update(i / 30.0, boxes)) {
      if (number) CHECK(numbers.insert(*number).second);  // each number is new
    }
    if (i >= 90 && i <= 205) singer.merge(std::set(numbers));
    if (i == 214) steady = numbers;
    if (i > 214) std::erase_if(steady, [&](std::int64_t n) { return !numbers.contains(n); });
  }
  CHECK(singer.size() == 1);
  CHECK(steady.size() >= 4);  // CenterFace also keeps a fifth face, in the shade
}

TEST_CASE("the faces of the clip keep their numbers", "[track][integration]") {
  const auto clip = test::shared_photo("clip.mp4");
  if (!clip) FER_SKIP("no shared clip on this machine");
  if (const auto yunet = test::yunet_file(320)) {
    check_clip(*detect::make_detector({.name = "yunet", .model = *yunet, .side = 0}), *clip);
  }
  if (const auto centerface = test::centerface_file()) {
    check_clip(*detect::make_detector({.name = "centerface", .model = *centerface, .side = 0}),
               *clip);
  }
}

}  // namespace
}  // namespace fer::track
