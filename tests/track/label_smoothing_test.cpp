#include "fer/track/label_smoothing.h"

#include <cmath>
#include <numeric>

#include "support/catch.h"

namespace fer::track {
namespace {

using Row = std::vector<float>;

bool near(double a, double b) { return std::abs(a - b) < 1e-6; }

TEST_CASE("the first probabilities are taken as they are", "[track][unit]") {
  LabelSmoother smoother;
  const SteadyFace face = smoother.update(3.0, Row{0.2F, 0.5F, 0.3F});
  CHECK(face.probabilities == Row{0.2F, 0.5F, 0.3F});
  CHECK(face.label == 1);
}

TEST_CASE("the past fades with the time constant, whatever the frame rate", "[track][unit]") {
  // After a step from (1, 0) to (0, 1) the first probability is exp(-t / 0.5): e^-1 after half a
  // second, e^-2 after a second.
  for (const int rate : {8, 64}) {
    CAPTURE(rate);
    LabelSmoother smoother({.time_constant_s = 0.5, .lead = 0.0, .lead_time_s = 0.0});
    smoother.update(0.0, Row{1.0F, 0.0F});
    for (int i = 1; i <= rate; ++i) {
      const SteadyFace face = smoother.update(double(i) / rate, Row{0.0F, 1.0F});
      if (2 * i == rate) CHECK(near(face.probabilities[0], 0.36787944));
      if (i == rate) CHECK(near(face.probabilities[0], 0.13533528));
      CHECK(near(std::accumulate(face.probabilities.begin(), face.probabilities.end(), 0.0), 1.0));
    }
  }
}

TEST_CASE("uneven steps add up by their times", "[track][unit]") {
  LabelSmoother smoother({.time_constant_s = 2.0, .lead = 0.0, .lead_time_s = 0.0});
  smoother.update(0.0, Row{1.0F, 0.0F});
  smoother.update(0.1, Row{0.0F, 1.0F});
  smoother.update(0.1, Row{1.0F, 0.0F});  // no time, no weight
  smoother.update(1.7, Row{0.0F, 1.0F});
  const SteadyFace face = smoother.update(2.0, Row{0.0F, 1.0F});
  CHECK(near(face.probabilities[0], std::exp(-1.0)));
}

TEST_CASE("without a time constant nothing is averaged", "[track][unit]") {
  LabelSmoother smoother({.time_constant_s = 0.0, .lead = 0.0, .lead_time_s = 0.0});
  smoother.update(0.0, Row{1.0F, 0.0F});
  const SteadyFace face = smoother.update(0.01, Row{0.25F, 0.75F});
  CHECK(face.probabilities == Row{0.25F, 0.75F});
  CHECK(face.label == 1);
}

// Without averaging, the numbers below are compared as they are.
constexpr SmoothingOptions kHysteresis{.time_constant_s = 0.0, .lead = 0.25, .lead_time_s = 0.5};

TEST_CASE("a label that leads by enough is shown at once", "[track][unit]") {
  LabelSmoother smoother(kHysteresis);
  CHECK(smoother.update(0.0, Row{0.6F, 0.4F}).label == 0);
  CHECK(smoother.update(0.1, Row{0.4F, 0.6F}).label == 0);
  CHECK(smoother.update(0.2, Row{0.25F, 0.75F}).label == 1);
  CHECK(smoother.update(0.3, Row{0.5F, 0.5F}).label == 1);
}

TEST_CASE("a label that leads by little is shown once it has led for a time", "[track][unit]") {
  LabelSmoother smoother(kHysteresis);
  smoother.update(0.0, Row{0.5F, 0.4F, 0.1F});
  for (const double time_s : {0.25, 0.375, 0.5, 0.625}) {
    CAPTURE(time_s);
    CHECK(smoother.update(time_s, Row{0.4F, 0.5F, 0.1F}).label == 0);
  }
  CHECK(smoother.update(0.75, Row{0.4F, 0.5F, 0.1F}).label == 1);
}

TEST_CASE("a lead that is lost in between starts anew, also to a third label", "[track][unit]") {
  LabelSmoother smoother(kHysteresis);
  smoother.update(0.0, Row{0.4F, 0.3F, 0.3F});
  smoother.update(0.125, Row{0.3F, 0.4F, 0.3F});
  smoother.update(0.25, Row{0.4F, 0.3F, 0.3F});   // the shown label leads again
  smoother.update(0.375, Row{0.3F, 0.4F, 0.3F});  // the lead starts anew here
  CHECK(smoother.update(0.75, Row{0.3F, 0.4F, 0.3F}).label == 0);
  CHECK(smoother.update(0.8125, Row{0.3F, 0.3F, 0.4F}).label == 0);  // and once more
  CHECK(smoother.update(1.25, Row{0.3F, 0.3F, 0.4F}).label == 0);
  CHECK(smoother.update(1.3125, Row{0.3F, 0.3F, 0.4F}).label == 2);
}

TEST_CASE("labels that flicker in every frame are shown as one", "[track][unit]") {
  LabelSmoother smoother;
  int changes = 0;
  std::size_t shown = smoother.update(0.0, Row{0.55F, 0.45F}).label;
  for (int i = 1; i < 300; ++i) {
    const Row row = i % 2 == 1 ? Row{0.45F, 0.55F} : Row{0.55F, 0.45F};
    const std::size_t label = smoother.update(i / 30.0, row).label;
    changes += label != shown ? 1 : 0;
    shown = label;
  }
  CHECK(changes == 0);
}

TEST_CASE("a clock that goes back starts over", "[track][unit]") {
  LabelSmoother smoother(kHysteresis);
  smoother.update(5.0, Row{1.0F, 0.0F});
  const SteadyFace face = smoother.update(1.0, Row{0.45F, 0.55F});
  CHECK(face.probabilities == Row{0.45F, 0.55F});
  CHECK(face.label == 1);
}

TEST_CASE("tracks are averaged apart, and a face without a track not at all", "[track][unit]") {
  TrackSmoothing smoothing({.time_constant_s = 1.0, .lead = 0.0, .lead_time_s = 0.0});
  smoothing.update(1, 0.0, Row{1.0F, 0.0F});
  smoothing.update(2, 0.0, Row{0.0F, 1.0F});
  CHECK(near(smoothing.update(1, 1.0, Row{0.0F, 1.0F}).probabilities[0], std::exp(-1.0)));
  CHECK(near(smoothing.update(2, 1.0, Row{0.0F, 1.0F}).probabilities[0], 0.0));
  const SteadyFace untracked = smoothing.update(std::nullopt, 1.0, Row{0.25F, 0.75F});
  CHECK(untracked.probabilities == Row{0.25F, 0.75F});
  CHECK(untracked.label == 1);
}

TEST_CASE("a track that has not been seen for a minute is forgotten", "[track][unit]") {
  TrackSmoothing smoothing({.time_constant_s = 1000.0, .lead = 0.0, .lead_time_s = 0.0});
  smoothing.update(1, 0.0, Row{1.0F, 0.0F});
  CHECK(smoothing.update(1, 59.0, Row{0.0F, 1.0F}).probabilities[0] > 0.9F);
  CHECK(smoothing.update(1, 120.0, Row{0.0F, 1.0F}).probabilities[0] == 0.0F);
}

}  // namespace
}  // namespace fer::track
