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

TEST_CASE("a face in colours keeps them where its heat map is cold", "[report][unit]") {
  const fer::FaceFormat format{16, 16, fer::Colour::rgb};
  std::vector<std::uint8_t> bytes(format.bytes());
  bytes[3] = 10;
  bytes[4] = 20;
  bytes[5] = 30;
  std::vector<float> heat(16 * 16, 0.0F);
  heat[2] = 1.0F;
  const auto picture = heat_overlay({bytes, format}, heat);
  REQUIRE(picture.size() == 16 * 16);
  CHECK(picture[1] == Rgb{10, 20, 30});
  CHECK(picture[2].red > 100);
  CHECK_THROWS_AS(heat_overlay({bytes, format}, std::vector<float>(16 * 16 * 3)), fer::Error);
}

}  // namespace
