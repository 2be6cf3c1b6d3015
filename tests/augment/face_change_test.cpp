#include "fer/augment/face_change.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "fer/augment/augmentation.h"
#include "support/catch.h"

namespace fer::augment {
namespace {

AugmentOptions unchanged() { return AugmentOptions::none(); }

constexpr std::int64_t kCount = 4'000;

// The least and the largest value of one number in many drawn changes.
struct Spread {
  double least, most;
};

template <typename Value>
Spread spread_of(const AugmentOptions& options, Value value) {
  Spread spread{1e9, -1e9};
  for (const FaceChange& change : plan_changes(kCount, options, RandomStream(3))) {
    spread.least = std::min(spread.least, static_cast<double>(value(change)));
    spread.most = std::max(spread.most, static_cast<double>(value(change)));
  }
  return spread;
}

// Checks that the numbers fill [low, high] to 1 % and stay inside.
void check_fills(const Spread& spread, double low, double high) {
  const double slack = 0.01 * (high - low);
  CHECK(spread.least >= low);
  CHECK(spread.most <= high);
  CHECK(spread.least < low + slack);
  CHECK(spread.most > high - slack);
}

TEST_CASE("Without an augmentation no image is changed", "[augment][unit]") {
  for (const FaceChange& change : plan_changes(100, unchanged(), RandomStream(1))) {
    CHECK_FALSE(change.moves());
    CHECK_FALSE(change.mirrored);
    for (const AugmentationRow& row : augmentations()) CHECK(row.is_neutral(change));
  }
}

TEST_CASE("Each augmentation draws its number from the range it is given", "[augment][unit]") {
  AugmentOptions options = unchanged();
  options.rotation = 18.0;
  options.scale = 0.25;
  options.shift = 0.1;
  options.shear = 9.0;
  options.brightness = 0.4;
  options.contrast = 0.3;
  options.gamma = 0.5;
  options.noise = 12.0;
  options.blur = 1.5;
  const double degree = std::numbers::pi / 180.0;
  check_fills(spread_of(options, [](auto& c) { return c.angle; }), -18 * degree, 18 * degree);
  check_fills(spread_of(options, [](auto& c) { return c.scale; }), 0.75, 1.25);
  check_fills(spread_of(options, [](auto& c) { return c.shift_x; }), -0.1, 0.1);
  check_fills(spread_of(options, [](auto& c) { return c.shift_y; }), -0.1, 0.1);
  check_fills(spread_of(options, [](auto& c) { return c.shear; }), -9 * degree, 9 * degree);
  check_fills(spread_of(options, [](auto& c) { return c.brightness; }), 0.6, 1.4);
  check_fills(spread_of(options, [](auto& c) { return c.contrast; }), 0.7, 1.3);
  check_fills(spread_of(options, [](auto& c) { return std::log(c.gamma); }), -0.5, 0.5);
  check_fills(spread_of(options, [](auto& c) { return c.noise; }), 0.0, 12.0);
  check_fills(spread_of(options, [](auto& c) { return c.blur; }), 0.0, 1.5);
}

// A new augmentation must draw from its own stream, so that a recipe gives the same run in every
// version.
TEST_CASE("A seed draws the numbers that it always drew", "[augment][unit]") {
  AugmentOptions options;  // rotation and flip
  options.scale = 0.2;
  options.shift = 0.1;
  options.shear = 8.0;
  options.crop_padding = 3;
  options.brightness = options.contrast = 0.3;
  options.gamma = 0.4;
  options.noise = 9.0;
  options.blur = 1.2;
  options.erasing = options.camera = 1.0;
  options.cutout = 12;
  options.randaugment = 2;
  const FaceChange drawn = plan_changes(3, options, RandomStream(1))[2];
  const auto is = [](double value) { return Catch::Approx(value).margin(1e-9); };
  CHECK(drawn.angle == is(0.1431818387));
  CHECK(drawn.mirrored);
  CHECK(drawn.shear == is(-0.0084342444));
  CHECK(drawn.scale == is(0.8423340608));
  CHECK(drawn.shift_x == is(-0.0200082599));
  CHECK(drawn.shift_y == is(0.0875331893));
  CHECK(drawn.brightness == is(0.9800920549));
  CHECK(drawn.contrast == is(1.1136075676));
  CHECK(drawn.gamma == is(1.0921287663));
  CHECK(drawn.noise == is(5.5589702232));
  CHECK(drawn.blur == is(0.4770315213));
  CHECK(drawn.erasing.left == is(0.0901677288));
  CHECK(drawn.cutout.left == is(0.0082793813));
  CHECK(drawn.camera.kind == Degradation::Kind::small_face);
  CHECK(drawn.camera.strength == is(0.6824065849));
}

TEST_CASE("A random crop shifts by whole pixels", "[augment][unit]") {
  AugmentOptions options = unchanged();
  options.crop_padding = 3;
  std::vector<int> seen(7);
  for (const FaceChange& change : plan_changes(kCount, options, RandomStream(2))) {
    const double pixels = change.shift_x * 48.0;
    CHECK(std::abs(pixels - std::round(pixels)) < 1e-9);
    ++seen.at(static_cast<std::size_t>(std::lround(pixels) + 3));
  }
  for (const int count : seen) CHECK(std::abs(count - kCount / 7.0) < 5 * std::sqrt(kCount / 7.0));
}

TEST_CASE("Erasing comes as often as asked for, with boxes of 2 to 20 % of the area",
          "[augment][unit]") {
  AugmentOptions options = unchanged();
  options.erasing = 0.25;
  int erased = 0;
  for (const FaceChange& change : plan_changes(kCount, options, RandomStream(4))) {
    if (change.erasing.empty()) continue;
    ++erased;
    const FaceRegion& box = change.erasing;
    const double area = (box.right - box.left) * (box.bottom - box.top);
    CHECK(area > 0.0199);
    CHECK(area < 0.2001);
    CHECK(std::min(box.left, box.top) >= 0.0);
    CHECK(std::max(box.right, box.bottom) <= 1.0);
  }
  CHECK(std::abs(erased - 0.25 * kCount) < 5 * std::sqrt(kCount * 0.25 * 0.75));
}

TEST_CASE("A cut square is as wide as asked for, less what hangs over the border",
          "[augment][unit]") {
  AugmentOptions options = unchanged();
  options.cutout = 12;
  check_fills(spread_of(options, [](auto& c) { return c.cutout.right - c.cutout.left; }), 0.125,
              0.25);
}

TEST_CASE("Switching one augmentation on leaves the others' numbers as they are",
          "[augment][unit]") {
  AugmentOptions one = unchanged();
  one.rotation = 10.0;
  one.contrast = 0.2;
  AugmentOptions more = one;
  more.scale = 0.3;
  more.noise = 4.0;
  more.erasing = 1.0;
  more.cutout = 5;
  const auto first = plan_changes(50, one, RandomStream(5));
  const auto second = plan_changes(50, more, RandomStream(5));
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].angle == second[i].angle);
    CHECK(first[i].contrast == second[i].contrast);
    CHECK(first[i].scale != second[i].scale);
  }
}

TEST_CASE("RandAugment changes each image by the number of changes asked for, at most",
          "[augment][unit]") {
  AugmentOptions options = unchanged();
  options.randaugment = 2;
  options.randaugment_magnitude = 10.0;
  std::int64_t most = 0, changed = 0;
  for (const FaceChange& c : plan_changes(kCount, options, RandomStream(6))) {
    const std::int64_t changes = (c.angle != 0.0) + (c.shear != 0.0) + (c.shift_x != 0.0) +
                                 (c.shift_y != 0.0) + (c.scale != 1.0) + (c.brightness != 1.0) +
                                 (c.contrast != 1.0) + (c.gamma != 1.0) + (c.blur != 0.0) +
                                 (c.noise != 0.0) + !c.cutout.empty();
    most = std::max(most, changes);
    changed += changes > 0;
  }
  CHECK(most == 2);
  // Both are the identity, or one turns the other back, once in about fifty times.
  CHECK(changed > kCount * 0.95);
  options.randaugment_magnitude = 0.0;
  const auto still = spread_of(options, [](auto& c) { return c.angle; });
  CHECK(still.least == 0.0);
  CHECK(still.most == 0.0);
}

TEST_CASE("RandAugment leaves the square of a cutout where it is", "[augment][unit]") {
  AugmentOptions options = unchanged();
  options.cutout = 12;
  const auto alone = plan_changes(kCount, options, RandomStream(7));
  options.randaugment = 3;
  options.randaugment_magnitude = 10.0;
  const auto both = plan_changes(kCount, options, RandomStream(7));
  int moved = 0;
  for (std::size_t i = 0; i < both.size(); ++i) {
    const FaceRegion &a = alone[i].cutout, &b = both[i].cutout;
    moved += a.left != b.left || a.top != b.top || a.right != b.right || a.bottom != b.bottom;
  }
  CHECK(moved == 0);
}

}  // namespace
}  // namespace fer::augment
