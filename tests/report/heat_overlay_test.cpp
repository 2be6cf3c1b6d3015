#include "fer/report/heat_overlay.h"

#include <limits>

#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using fer::FacePixels;
using fer::Rgb;
using fer::report::heat_overlay;

TEST_CASE("a face is grey where its heat map is cold", "[report][unit]") {
  FacePixels face{};
  face[7] = 123;
  std::vector<float> heat(fer::kFacePixels, 0.0F);
  heat[0] = std::numeric_limits<float>::quiet_NaN();
  heat[1] = -5.0F;
  const auto picture = heat_overlay(face, heat);
  REQUIRE(picture.size() == fer::kFacePixels);
  CHECK(picture[0] == Rgb{0, 0, 0});
  CHECK(picture[1] == Rgb{0, 0, 0});
  CHECK(picture[7] == Rgb{123, 123, 123});
}

TEST_CASE("the hotter, the warmer, and the face stays visible", "[report][unit]") {
  FacePixels dark{};
  FacePixels bright{};
  bright.fill(255);
  std::vector<float> heat(fer::kFacePixels, 1.0F);
  heat[1] = 0.5F;
  heat[2] = 9.0F;
  const auto on_dark = heat_overlay(dark, heat);
  const auto on_bright = heat_overlay(bright, heat);
  CHECK(on_dark[0].red > on_dark[1].red);
  CHECK(on_dark[0].red - on_dark[0].green > on_dark[1].red - on_dark[1].green);
  CHECK(on_dark[2] == on_dark[0]);
  CHECK(on_bright[0].green > on_dark[0].green + 60);
}

TEST_CASE("a heat map of another size is refused", "[report][unit]") {
  CHECK_THROWS_AS(heat_overlay(FacePixels{}, std::vector<float>(10)), fer::Error);
}

}  // namespace
