#include "fer/detect/face_candidates.h"

#include <limits>

#include "support/catch.h"

namespace fer::detect {
namespace {

FaceCandidate candidate(const cv::Rect2d& box, double score) {
  return {.box = box, .score = score, .landmarks = {}};
}

TEST_CASE("the overlap of boxes is what they share of what they cover", "[detect][unit]") {
  CHECK(overlap({0, 0, 10, 10}, {0, 0, 10, 10}) == 1.0);
  CHECK(overlap({0, 0, 10, 10}, {5, 0, 10, 10}) == 50.0 / 150.0);
  CHECK(overlap({0, 0, 10, 10}, {10, 0, 10, 10}) == 0.0);
  CHECK(overlap({0, 0, 0, 0}, {0, 0, 0, 0}) == 0.0);
}

TEST_CASE("of boxes on one face the surest is left", "[detect][unit]") {
  // b shares 80/120 with a; c 60/140 with a and 80/120 with b; d is elsewhere.
  const auto a = candidate({0, 0, 10, 10}, 0.9);
  const auto b = candidate({2, 0, 10, 10}, 0.8);
  const auto c = candidate({4, 0, 10, 10}, 0.7);
  const auto d = candidate({50, 50, 10, 10}, 0.95);
  const auto kept = suppress_overlaps({c, b, d, a}, 0.5);
  // c survives: it overlaps only b that much, and b is gone.
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].box == d.box);
  CHECK(kept[1].box == a.box);
  CHECK(kept[2].box == c.box);
  CHECK(suppress_overlaps({c, b, d, a}, 0.4).size() == 2);
  CHECK(suppress_overlaps({c, b, d, a}, 0.7).size() == 4);
  CHECK(suppress_overlaps({}, 0.5).empty());
}

TEST_CASE("of equally sure boxes the first is left", "[detect][unit]") {
  const auto kept =
      suppress_overlaps({candidate({1, 0, 10, 10}, 0.5), candidate({0, 0, 10, 10}, 0.5)}, 0.3);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].box.x == 1.0);
}

TEST_CASE("what is not finite or empty is no face", "[detect][unit]") {
  const double infinite = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  FaceCandidate odd_eye = candidate({0, 0, 10, 10}, 0.9);
  odd_eye.landmarks.left_eye.y = nan;
  CHECK(suppress_overlaps({candidate({0, 0, infinite, 10}, 0.9), candidate({nan, 0, 9, 9}, 0.9),
                           candidate({0, 0, 0, 10}, 0.9), candidate({0, 0, 10, 10}, nan), odd_eye},
                          0.5)
            .empty());
}

TEST_CASE("a network that sees faces everywhere costs bounded time", "[detect][unit]") {
  std::vector<FaceCandidate> many;
  for (int i = 0; i < 50'000; ++i) {
    many.push_back(candidate({20.0 * (i % 250), 20.0 * (i / 250), 10, 10}, 0.5));
  }
  CHECK(suppress_overlaps(many, 0.5).size() == 2000);
}

TEST_CASE("faces are in the picture's pixels, cut at its borders, from left to right",
          "[detect][unit]") {
  const cv::Size picture(640, 480);
  const Letterbox letterbox(picture, 320);
  FaceCandidate inside = candidate({100, 50, 20, 30}, 0.9);
  inside.landmarks.nose = {110, 65};
  const auto faces = to_faces({inside, candidate({-5, 200, 20, 60}, 0.8),  // over the left border
                               candidate({310, -1e300, 40, 2e300}, 0.7),   // beyond any integer
                               candidate({10, 241, 20, 20}, 0.6)},         // in the black part
                              letterbox, picture);
  REQUIRE(faces.size() == 3);
  CHECK(faces[0].box == cv::Rect(0, 400, 30, 80));
  CHECK(faces[1].box == cv::Rect(200, 100, 40, 60));
  CHECK(faces[1].score == 0.9);
  REQUIRE(faces[1].landmarks.has_value());
  CHECK(faces[1].landmarks->nose == cv::Point2d(220, 130));
  CHECK(faces[2].box == cv::Rect(620, 0, 20, 480));
}

}  // namespace
}  // namespace fer::detect
