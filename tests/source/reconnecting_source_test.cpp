#include "fer/source/reconnecting_source.h"

#include <vector>

#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::source {
namespace {

// A camera that gives so many frames, then breaks.
class BreakingCamera final : public Source {
 public:
  explicit BreakingCamera(int frames) : frames_(frames) {}
  SourceKind kind() const override { return SourceKind::camera; }
  bool next(Frame& frame) override {
    frame = Frame();
    frame.source = "cam";
    if (frames_-- > 0) {
      frame.image = test::plain_picture(8, 8, 10);
    } else {
      frame.error = "cam: gone";
    }
    return true;
  }

 private:
  int frames_;
};

// Each opening gives the next number of frames, then none; time passes by waiting alone, and by a
// tenth of a second a look.
struct Scene {
  std::vector<int> openings;
  std::size_t opened = 0;
  double now = 100.0;
  std::vector<double> waits = {};
  bool stopped = false;

  ReconnectingSource source(const ReconnectOptions& options) {
    const auto open = [this] {
      const int frames = opened < openings.size() ? openings[opened] : 0;
      ++opened;
      return std::make_unique<BreakingCamera>(frames);
    };
    return {open,
            options,
            {[this] { return now += 0.1; },
             [this](double seconds) {
               waits.push_back(seconds);
               now += seconds;
               return !stopped;
             }}};
  }
};

TEST_CASE("a live source that breaks is opened again, and frames and time go on",
          "[source][unit]") {
  Scene scene{.openings = {2, 1, 2}};
  ReconnectingSource source = scene.source({.patience_s = 5.0});
  double last = -1.0;
  for (int i = 0; i < 5; ++i) {
    Frame frame;
    REQUIRE(source.next(frame));
    CHECK_FALSE(frame.failed());
    CHECK(frame.index == i);
    CHECK(frame.time_s > last);
    last = frame.time_s;
  }
  CHECK(scene.opened == 3);
  CHECK(last > 1.0);  // two waits of half a second are part of it
}

TEST_CASE("A break is reported once, and so is its end", "[source][unit]") {
  Scene scene{.openings = {2, 0, 1, 1}};
  std::vector<std::string> told;
  ReconnectingSource source = scene.source(
      {.patience_s = 30.0, .notice = [&](const std::string& text) { told.push_back(text); }});
  Frame frame;
  for (int i = 0; i < 4; ++i) REQUIRE(source.next(frame));
  REQUIRE(told.size() == 4);  // two breaks, the first of which lasts two tries
  CHECK_THAT(told[0], Catch::Matchers::EndsWith("; trying again for 30 s"));
  CHECK_THAT(told[1], Catch::Matchers::EndsWith("is back"));
}

TEST_CASE("waits double while it stays away, and start small again after a frame",
          "[source][unit]") {
  Scene scene{.openings = {1, 0, 0, 0, 1, 0}};
  ReconnectingSource source = scene.source({.patience_s = 20.0});
  Frame frame;
  REQUIRE(source.next(frame));
  REQUIRE(source.next(frame));
  CHECK_FALSE(frame.failed());
  CHECK(scene.waits == std::vector<double>{0.5, 1.0, 2.0, 4.0});
  REQUIRE(source.next(frame));
  CHECK(scene.waits.at(4) == 0.5);
}

TEST_CASE("when patience is over the failure stands, and nothing follows it", "[source][unit]") {
  Scene scene{.openings = {1}};
  ReconnectingSource source = scene.source({.patience_s = 10.0});
  Frame frame;
  REQUIRE(source.next(frame));
  REQUIRE(source.next(frame));
  CHECK(frame.error == "cam: gone");
  CHECK(frame.index == 1);
  CHECK(scene.now < 115.0);
  CHECK_FALSE(source.next(frame));
}

TEST_CASE("a live source that was never there fails at once", "[source][unit]") {
  Scene scene{.openings = {0, 1}};
  ReconnectingSource source = scene.source({.patience_s = 10.0});
  Frame frame;
  REQUIRE(source.next(frame));
  CHECK(frame.failed());
  CHECK(scene.waits.empty());
  CHECK_FALSE(source.next(frame));
}

TEST_CASE("asked to stop, it does not wait for what may come back", "[source][unit]") {
  Scene scene{.openings = {1, 1}};
  scene.stopped = true;
  ReconnectingSource source = scene.source({.patience_s = 10.0});
  Frame frame;
  REQUIRE(source.next(frame));
  CHECK_FALSE(source.next(frame));
  CHECK(scene.opened == 1);
}

}  // namespace
}  // namespace fer::source
