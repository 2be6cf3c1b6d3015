#include "fer/data/synthetic_face.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::data {
namespace {

using MeanImage = std::array<double, kFacePixels>;

// Over the same people for every emotion, so that means differ by the expression alone.
MeanImage mean_image(std::size_t emotion, std::uint64_t count) {
  MeanImage mean{};
  for (std::uint64_t i = 0; i < count; ++i) {
    const FacePixels face = draw_synthetic_face(emotion, RandomStream(5).child(i));
    for (std::size_t p = 0; p < kFacePixels; ++p) mean[p] += face[p] / static_cast<double>(count);
  }
  return mean;
}

double largest_difference(const MeanImage& a, const MeanImage& b) {
  double largest = 0;
  for (std::size_t p = 0; p < kFacePixels; ++p) largest = std::max(largest, std::abs(a[p] - b[p]));
  return largest;
}

double deviation(const FacePixels& face) {
  double sum = 0;
  double squares = 0;
  for (const double level : face) {
    sum += level;
    squares += level * level;
  }
  const double mean = sum / static_cast<double>(kFacePixels);
  return std::sqrt(squares / static_cast<double>(kFacePixels) - mean * mean);
}

// A person looking straight ahead in even light, without hair, noise or blur.
FaceParameters plain_face() {
  FaceParameters face;
  face.hair.present = false;
  face.light.from_x = 0;
  face.camera.noise = 0;
  face.camera.blur = 0;
  return face;
}

// Mean grey level of the pixels in [left, right) x [top, bottom).
double mean_level(const FacePixels& face, std::size_t left, std::size_t right, std::size_t top,
                  std::size_t bottom) {
  double sum = 0;
  for (std::size_t y = top; y < bottom; ++y) {
    for (std::size_t x = left; x < right; ++x) sum += face[y * kFaceSide + x];
  }
  return sum / static_cast<double>((right - left) * (bottom - top));
}

TEST_CASE("The same stream draws the same face", "[data][unit]") {
  for (std::size_t emotion = 0; emotion < synthetic_labels().size(); ++emotion) {
    CHECK(draw_synthetic_face(emotion, RandomStream(3)) ==
          draw_synthetic_face(emotion, RandomStream(3)));
  }
}

TEST_CASE("A face does not depend on how many numbers its stream has given", "[data][unit]") {
  RandomStream used(3);
  used.next();
  CHECK(draw_synthetic_face(2, used) == draw_synthetic_face(2, RandomStream(3)));
}

TEST_CASE("Another stream and another emotion draw another face", "[data][unit]") {
  const FacePixels face = draw_synthetic_face(3, RandomStream(3));
  CHECK(face != draw_synthetic_face(3, RandomStream(4)));
  CHECK(face != draw_synthetic_face(4, RandomStream(3)));
}

TEST_CASE("No drawn face is blank", "[data][unit]") {
  for (std::uint64_t i = 0; i < 350; ++i) {
    INFO("face " << i);
    CHECK(deviation(draw_synthetic_face(i % 7, RandomStream(9).child(i))) > 10);
  }
}

TEST_CASE("The mean faces of any two emotions differ by eight grey levels somewhere",
          "[data][unit]") {
  std::vector<MeanImage> means;
  for (std::size_t e = 0; e < synthetic_labels().size(); ++e) means.push_back(mean_image(e, 60));
  for (std::size_t a = 0; a < means.size(); ++a) {
    for (std::size_t b = a + 1; b < means.size(); ++b) {
      INFO(synthetic_labels().name(a) << " and " << synthetic_labels().name(b));
      CHECK(largest_difference(means[a], means[b]) > 8);
    }
  }
}

TEST_CASE("A face without hair that looks straight ahead in even light is its own mirror image",
          "[data][unit]") {
  FaceParameters face = plain_face();
  face.light.background_slope_x = 0;
  const FacePixels pixels = draw_face(face, RandomStream(1));
  // The shadow of the nose lies on one side; all else is symmetric. Rows 38 to 47: mouth and chin.
  for (std::size_t y = 38; y < kFaceSide; ++y) {
    for (std::size_t x = 0; x < kFaceSide / 2; ++x) {
      INFO("row " << y << " column " << x);
      CHECK(std::abs(pixels[y * kFaceSide + x] - pixels[y * kFaceSide + kFaceSide - 1 - x]) <= 1);
    }
  }
}

TEST_CASE("Light from the right makes the right half of the face brighter", "[data][unit]") {
  FaceParameters face = plain_face();
  face.light.from_x = 0.9;
  face.light.strength = 0.8;
  const FacePixels pixels = draw_face(face, RandomStream(1));
  CHECK(mean_level(pixels, 26, 40, 20, 40) > mean_level(pixels, 8, 22, 20, 40) + 20);
}

TEST_CASE("A dropped jaw is drawn as a dark cavity", "[data][unit]") {
  FaceParameters face = plain_face();
  const auto mouth_level = [&face] {
    return mean_level(draw_face(face, RandomStream(1)), 22, 26, 36, 39);
  };
  const double closed = mouth_level();
  face.mouth.gap_above = 0.15;
  face.mouth.gap_below = 0.2;
  CHECK(mouth_level() < 30);
  CHECK(closed > 60);
}

TEST_CASE("A turned head moves its features to the side it turns to", "[data][unit]") {
  // The dark irises of a plain face lie around columns 24 ± 0.42 * 18.5 in row 24 - 0.12 * 18.5.
  FaceParameters face = plain_face();
  const auto darkest_column = [&face] {
    const FacePixels pixels = draw_face(face, RandomStream(1));
    const auto row = pixels.begin() + 21 * kFaceSide;
    return std::min_element(row + 24, row + 42) - row;
  };
  const auto ahead = darkest_column();
  CHECK(std::abs(static_cast<double>(ahead) - 31.3) <= 1);
  face.pose.yaw = 0.3;
  CHECK(darkest_column() >= ahead + 3);
}

TEST_CASE("The stream changes a drawn face by its noise alone", "[data][unit]") {
  FaceParameters face = plain_face();
  CHECK(draw_face(face, RandomStream(1)) == draw_face(face, RandomStream(2)));
  face.camera.noise = 0.02;
  CHECK(draw_face(face, RandomStream(1)) != draw_face(face, RandomStream(2)));
}

TEST_CASE("An emotion that does not exist is not drawn", "[data][unit]") {
  CHECK_THROWS_AS(draw_synthetic_face(7, RandomStream(1)), Error);
}

}  // namespace
}  // namespace fer::data
