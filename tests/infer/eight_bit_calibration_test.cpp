#include "fer/infer/eight_bit_calibration.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/random.h"
#include "fer/infer/face_model.h"
#include "support/catch.h"
#include "support/released_model.h"

namespace fer::infer {
namespace {

// Random blots of light and shade, for which the maps of an untrained network have the same range
// as for faces.
std::vector<FacePixels> blots(std::size_t count, std::uint64_t seed) {
  std::vector<FacePixels> faces(count);
  for (std::size_t i = 0; i < count; ++i) {
    RandomStream stream = RandomStream(seed).child(i);
    double waves[6][3];
    for (auto& wave : waves) {
      wave[0] = stream.uniform(-0.4, 0.4);
      wave[1] = stream.uniform(-0.4, 0.4);
      wave[2] = stream.uniform(0.0, 6.3);
    }
    for (int y = 0; y < kFaceSide; ++y) {
      for (int x = 0; x < kFaceSide; ++x) {
        double light = 128.0;
        for (const auto& wave : waves)
          light += 25.0 * std::sin(wave[0] * x + wave[1] * y + wave[2]);
        faces[i][static_cast<std::size_t>(y * kFaceSide + x)] =
            static_cast<std::uint8_t>(std::clamp(light, 0.0, 255.0));
      }
    }
  }
  return faces;
}

TEST_CASE("The best step weighs rounding against what is cut off", "[infer][unit]") {
  // All numbers alike: the last step is where they are, somewhere in their bin.
  std::vector<double> counts(2048, 0.0);
  counts.back() = 1000.0;
  CHECK(best_step(counts, 0.5) * 255.0 == Approx(2048 * 0.5).margin(0.5));
  // A million small numbers and one large one: by hand, with x = 1 at the large one, a limit t
  // costs 1e6 * (t/255)^2 / 12 and (1 - t)^2, least at t = 1 / (1 + 1e6 / 255^2 / 12) = 0.438.
  counts.assign(2048, 0.0);
  counts.front() = 1e6;
  counts.back() = 1.0;
  CHECK(best_step(counts, 1.0 / 2048) * 255.0 == Approx(0.438).margin(0.001));
  counts.assign(2048, 0.0);
  CHECK(best_step(counts, 1.0) == 0.0);
}

TEST_CASE(
    "With scales from some faces, others get the same labels and nearly the same probabilities",
    "[infer][unit]") {
  const char* name = GENERATE("seed-cnn", "nano", "small");
  CAPTURE(name);
  model::Model model = test::released_model(name);
  runtime::Team team(2);
  model.info.eight_bit = {input_scales(model, name, blots(24, 1), team), 24};
  const auto faces = blots(60, 2);
  const FaceModel exact(model, name), rough(model, name, runtime::Precision::int8);
  const auto expected = exact.probabilities(faces, Tta::none, team);
  const auto got = rough.probabilities(faces, Tta::none, team);
  double sum = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double error = std::abs(double{expected[i]} - double{got[i]});
    sum += error;
    largest = std::max(largest, error);
  }
  CHECK(sum / double(got.size()) < 0.003);
  CHECK(largest < 0.1);
  CHECK(largest > 0.0);
  std::size_t same = 0;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const auto best = [&](const std::vector<float>& rows) {
      const auto row = rows.begin() + std::ptrdiff_t(i * rough.class_count());
      return std::max_element(row, row + std::ptrdiff_t(rough.class_count())) - row;
    };
    same += best(expected) == best(got) ? 1 : 0;
  }
  CHECK(same >= 57);
}

TEST_CASE("The same faces give the same scales, for every layer that can read 8 bits",
          "[infer][unit]") {
  const model::Model model = test::released_model("seed-cnn");
  runtime::Team one(1), three(3);
  const auto scales = input_scales(model, "m", blots(20, 3), one);
  CHECK(scales == input_scales(model, "m", blots(20, 3), three));
  std::vector<std::string> layers;
  for (const auto& [layer, scale] : scales) {
    layers.push_back(layer);
    CHECK(scale > 0.0);
  }
  CHECK(layers == std::vector<std::string>{"conv2", "conv3", "dense"});
}

TEST_CASE("The released nano has a scale for every layer that can read 8 bits", "[infer][unit]") {
  model::Model model = test::released_model("nano");
  runtime::Team team(1);
  const auto faces = blots(24, 5);
  const FaceModel rough(model, "nano", runtime::Precision::int8);
  const FaceModel exact(model, "nano");
  const auto expected = exact.probabilities(faces, Tta::none, team);
  const auto got = rough.probabilities(faces, Tta::none, team);
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(double{got[i]} == Approx(double{expected[i]}).margin(0.1));
  }
  const auto own = model.info.eight_bit.of_inputs;
  CHECK(model.info.eight_bit.images == 1024);
  for (const auto& [layer, scale] : input_scales(model, "nano", faces, team)) {
    CAPTURE(layer);
    CHECK(own.contains(layer));
  }
}

TEST_CASE("What has no scales is reported", "[infer][unit]") {
  runtime::Team team(1);
  CHECK_THROWS_WITH(input_scales(test::released_model("nano"), "m", {}, team),
                    Catch::Matchers::ContainsSubstring("m: there are no faces"));
  model::Model dead = test::released_model("seed-cnn");
  for (float& bias : dead.weights.at("conv1.bias").values) bias = -1e9F;
  CHECK_THROWS_WITH(input_scales(dead, "m", blots(2, 4), team),
                    Catch::Matchers::ContainsSubstring("conv2") &&
                        Catch::Matchers::ContainsSubstring("nothing but zeros"));
}

}  // namespace
}  // namespace fer::infer
