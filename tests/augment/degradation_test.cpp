#include "fer/augment/degradation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "fer/augment/face_change.h"
#include "support/catch.h"

namespace fer::augment {
namespace {

using Kind = Degradation::Kind;

struct Extent {
  int count = 0;
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

std::map<Kind, Extent> drawn_extents(int count) {
  RandomStream stream(7);
  std::map<Kind, Extent> extents;
  for (int i = 0; i < count; ++i) {
    const Degradation one = draw_degradation(stream);
    Extent& extent = extents[one.kind];
    ++extent.count;
    extent.least = std::min(extent.least, one.strength);
    extent.most = std::max(extent.most, one.strength);
  }
  return extents;
}

TEST_CASE("Each kind of degradation is drawn as often, from the whole of its range",
          "[augment][unit]") {
  constexpr int kCount = 14'000;
  const auto extents = drawn_extents(kCount);
  const std::map<Kind, std::pair<double, double>> ranges = {
      {Kind::noise, {0.02, 0.2}},      {Kind::blur, {0.008, 0.035}}, {Kind::motion, {0.05, 0.25}},
      {Kind::small_face, {0.15, 0.7}}, {Kind::jpeg, {15.0, 80.0}},   {Kind::contrast, {0.04, 0.6}},
      {Kind::light, {-0.4, 0.5}}};
  REQUIRE(extents.size() == ranges.size());
  const double each = kCount / static_cast<double>(ranges.size());
  for (const auto& [kind, range] : ranges) {
    CAPTURE(static_cast<int>(kind));
    const Extent& extent = extents.at(kind);
    CHECK(std::abs(extent.count - each) < 5.0 * std::sqrt(each));
    const double margin = 0.02 * (range.second - range.first);
    CHECK(extent.least >= range.first);
    CHECK(extent.least < range.first + margin);
    CHECK(extent.most <= range.second);
    CHECK(extent.most > range.second - margin);
  }
}

TEST_CASE("JPEG qualities are whole, motions have half a circle, light a whole one",
          "[augment][unit]") {
  RandomStream stream(9);
  double widest_motion = 0.0, widest_light = 0.0;
  for (int i = 0; i < 7'000; ++i) {
    const Degradation one = draw_degradation(stream);
    if (one.kind == Kind::jpeg) CHECK(one.strength == std::floor(one.strength));
    if (one.kind == Kind::motion) widest_motion = std::max(widest_motion, one.direction);
    if (one.kind == Kind::light) widest_light = std::max(widest_light, one.direction);
  }
  CHECK(widest_motion < std::numbers::pi);
  CHECK(widest_motion > 3.0);
  CHECK(widest_light > 6.0);
}

TEST_CASE("Images are degraded as often as asked for", "[augment][unit]") {
  AugmentOptions options = AugmentOptions{}.in_last_epochs();
  options.flip = false;
  options.camera = 0.3;
  int degraded = 0;
  for (const FaceChange& change : plan_changes(10'000, options, RandomStream(3))) {
    degraded += change.camera.kind == Kind::none ? 0 : 1;
  }
  CHECK(std::abs(degraded - 3'000) < 5 * std::sqrt(10'000 * 0.3 * 0.7));
}

}  // namespace
}  // namespace fer::augment
