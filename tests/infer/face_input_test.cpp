#include "fer/infer/face_input.h"

#include <cmath>
#include <vector>

#include "support/catch.h"

namespace fer::infer {
namespace {

model::InputSpec spec_of(int width, int height, Colour colour) {
  return {.cut = {{width, height, colour}, 0.0}, .mean = 0.0, .deviation = 1.0 / 255.0};
}

// Levels that grow by `across` a column and `down` a row.
std::vector<float> ramp(float across, float down) {
  std::vector<float> levels;
  for (int y = 0; y < kFaceSide; ++y) {
    for (int x = 0; x < kFaceSide; ++x) {
      levels.push_back(across * static_cast<float>(x) + down * static_cast<float>(y));
    }
  }
  return levels;
}

TEST_CASE("A side's parts weigh 1, and lie in order within the side", "[infer][unit]") {
  for (const int to : {16, 20, 44, 47, 48, 49, 64, 112, 512}) {
    CAPTURE(to);
    const SideScaling scaling(kFaceSide, to);
    int before = 0;
    for (int pixel = 0; pixel < to; ++pixel) {
      const SideScaling::Part& part = scaling.part(pixel);
      float sum = 0.0F;
      for (const float weight : part.weights) sum += weight;
      CHECK(std::abs(sum - 1.0F) < 1e-5F);
      CHECK(part.first >= before);
      CHECK(part.first + static_cast<int>(part.weights.size()) <= kFaceSide);
      before = part.first;
    }
  }
}

TEST_CASE("Faces grow bilinearly and shrink by means of areas", "[infer][unit]") {
  // By hand: column j of 96 shows the place (j + 0.5) / 2 - 0.5, of 24 the mean of 2j and 2j + 1.
  const FaceInput wide(spec_of(96, 24, Colour::grey));
  const std::vector<float> across = wide.of(ramp(1.0F, 0.0F), FaceFormat{});
  REQUIRE(across.size() == 96 * 24);
  CHECK(across[0] == 0.0F);  // -0.25 lies before the border
  CHECK(across[1] == 0.25F);
  CHECK(across[40] == 19.75F);
  CHECK(across[95] == 47.0F);
  const std::vector<float> down = wide.of(ramp(0.0F, 1.0F), FaceFormat{});
  CHECK(down[0] == 0.5F);
  CHECK(down[10 * 96 + 5] == 20.5F);
  // Of 48 pixels 32 remain: the first is pixel 0 and half of pixel 1.
  const FaceInput small(spec_of(32, 48, Colour::grey));
  const std::vector<float> less = small.of(ramp(3.0F, 0.0F), FaceFormat{});
  CHECK(std::abs(less[0] - (0.0F + 0.5F * 3.0F) / 1.5F) < 1e-5F);
  CHECK(std::abs(less[1] - (0.5F * 3.0F + 6.0F) / 1.5F) < 1e-5F);
}

TEST_CASE("A face of the usual size stays as it is, bit for bit", "[infer][unit]") {
  const FaceInput input({.mean = 0.4, .deviation = 0.2});
  const std::vector<float> levels = ramp(2.0F, 3.0F);
  const model::Normalisation rule(model::InputSpec{.mean = 0.4, .deviation = 0.2});
  const std::vector<float> normalised = input.of(levels, FaceFormat{});
  for (std::size_t i = 0; i < levels.size(); ++i) CHECK(normalised[i] == rule(levels[i]));
}

TEST_CASE("Each colour has its own mean and deviation, and a plane of its own", "[infer][unit]") {
  model::InputSpec spec = spec_of(16, 20, Colour::rgb);
  spec.mean = 0.5;
  spec.deviation = 0.25;
  spec.others = {{0.25, 0.5}, {0.0, 1.0}};
  const FaceInput input(spec);
  // Two faces, whose levels count up: pixel p of channel c of face f is 255 * (f + c / 4).
  std::vector<float> cuts;
  for (int face = 0; face < 2; ++face) {
    for (int pixel = 0; pixel < 16 * 20; ++pixel) {
      for (int c = 0; c < 3; ++c) {
        cuts.push_back(255.0F * (static_cast<float>(face) + static_cast<float>(c) / 4.0F));
      }
    }
  }
  const std::vector<float> planes = input.of(cuts, input.format());
  for (int face = 0; face < 2; ++face) {
    const float f = static_cast<float>(face);
    const float expected[] = {(f - 0.5F) / 0.25F, (f + 0.25F - 0.25F) / 0.5F, f + 0.5F};
    for (int c = 0; c < 3; ++c) {
      const auto plane = static_cast<std::size_t>((face * 3 + c) * 16 * 20);
      CHECK(std::abs(planes[plane] - expected[c]) < 1e-5F);
      CHECK(std::abs(planes[plane + 16 * 20 - 1] - expected[c]) < 1e-5F);
    }
  }
  // A grey face is the same level in all of them.
  const std::vector<float> grey = input.of(std::vector<float>(kFacePixels, 255.0F), FaceFormat{});
  CHECK(std::abs(grey[7] - 2.0F) < 1e-5F);
  CHECK(std::abs(grey[16 * 20 + 7] - 1.5F) < 1e-5F);
  CHECK(std::abs(grey[2 * 16 * 20 + 7] - 1.0F) < 1e-5F);
}

TEST_CASE("Faces in colours become grey, and change the order of their colours", "[infer][unit]") {
  const FaceFormat rgb{24, 24, Colour::rgb};
  std::vector<float> faces;
  for (int pixel = 0; pixel < 24 * 24; ++pixel) {
    for (const float level : {200.0F, 100.0F, 50.0F}) faces.push_back(level);
  }
  // ITU-R BT.601: 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
  const std::vector<float> grey = FaceInput(spec_of(48, 32, Colour::grey)).of(faces, rgb);
  REQUIRE(grey.size() == 48 * 32);
  for (const float level : grey) CHECK(std::abs(level - 124.2F) < 1e-3F);
  const std::vector<float> bgr = FaceInput(spec_of(24, 24, Colour::bgr)).of(faces, rgb);
  REQUIRE(bgr.size() == 3 * 24 * 24);
  CHECK(std::abs(bgr[0] - 50.0F) < 1e-4F);
  CHECK(std::abs(bgr[24 * 24] - 100.0F) < 1e-4F);
  CHECK(std::abs(bgr[2 * 24 * 24] - 200.0F) < 1e-4F);
}

}  // namespace
}  // namespace fer::infer
