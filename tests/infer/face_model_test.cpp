#include "fer/infer/face_model.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/released_model.h"

namespace fer::infer {
namespace {

using Catch::Matchers::ContainsSubstring;

std::vector<FacePixels> some_faces(std::size_t count) {
  std::vector<FacePixels> faces(count);
  std::uint32_t state = 1;
  for (FacePixels& face : faces) {
    for (std::uint8_t& level : face) {
      state = state * 1664525U + 1013904223U;
      level = static_cast<std::uint8_t>(state >> 24);
    }
  }
  return faces;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(double{a[i]} - double{b[i]}));
  }
  return most;
}

TEST_CASE("With several views a face has the mean of their probabilities", "[infer][unit]") {
  const FaceModel model(test::released_model("nano"), "nano");
  const std::vector<FacePixels> faces = some_faces(3);
  runtime::Team team(1);
  for (const Tta tta : {Tta::flip, Tta::shifts}) {
    std::vector<double> sum(3 * 7);
    for_each_view(faces, tta, [&](std::span<const float> levels) {
      std::vector<FacePixels> view(3);  // these views have whole levels
      for (std::size_t i = 0; i < levels.size(); ++i) {
        view[i / kFacePixels][i % kFacePixels] = static_cast<std::uint8_t>(levels[i]);
      }
      const std::vector<float> rows = model.probabilities(view, Tta::none, team);
      for (std::size_t i = 0; i < rows.size(); ++i) sum[i] += double{rows[i]};
    });
    std::vector<float> mean;
    for (const double number : sum) {
      mean.push_back(static_cast<float>(number / static_cast<double>(view_count(tta))));
    }
    CHECK(largest_difference(model.probabilities(faces, tta, team), mean) < 1e-6);
    CHECK(largest_difference(model.probabilities(faces, Tta::none, team), mean) > 1e-6);
  }
}

TEST_CASE("A face's row is the same alone and among others, bit for bit", "[infer][unit]") {
  const FaceModel model(test::released_model("nano"), "nano");
  const std::vector<FacePixels> faces = some_faces(9);
  for (const Tta tta : {Tta::none, Tta::flip}) {
    runtime::Team many(3), alone(1);
    const std::vector<float> together = model.probabilities(faces, tta, many);
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const std::vector<float> row =
          model.probabilities(FacesView(faces).subspan(i, 1), tta, alone);
      CHECK(std::equal(row.begin(), row.end(),
                       together.begin() + static_cast<std::ptrdiff_t>(i * 7)));
    }
  }
}

TEST_CASE("A row is the softmax of the logits divided by the temperature", "[infer][unit]") {
  model::Model file = test::released_model("seed-cnn");
  file.info.temperature = 2.5;
  const FaceModel model(file, "seed-cnn");
  const std::vector<FacePixels> faces = some_faces(2);
  const model::Normalisation rule(file.info.input);
  std::vector<float> normalised;
  for (const FacePixels& face : faces) {
    for (const std::uint8_t level : face) normalised.push_back(rule(static_cast<float>(level)));
  }
  runtime::Team team(1);
  const std::vector<float> logits = model.logits(normalised, team);
  const std::vector<float> rows = model.probabilities(faces, Tta::none, team);
  for (std::size_t face = 0; face < 2; ++face) {
    double sum = 0.0;
    for (std::size_t c = 0; c < 7; ++c) sum += std::exp(double{logits[face * 7 + c]} / 2.5);
    for (std::size_t c = 0; c < 7; ++c) {
      const double expected = std::exp(double{logits[face * 7 + c]} / 2.5) / sum;
      CHECK(std::abs(double{rows[face * 7 + c]} - expected) < 1e-6);
    }
  }
}

TEST_CASE("No faces have no rows", "[infer][unit]") {
  const FaceModel model(test::released_model("nano"), "nano");
  runtime::Team team(2);
  CHECK(model.probabilities({}, Tta::none, team).empty());
  CHECK(model.probabilities({}, Tta::shifts, team).empty());
}

TEST_CASE("Weights that do not make the network, and other inputs, are errors that name the file",
          "[infer][unit]") {
  model::Model broken = test::released_model("nano");
  broken.weights.erase("logits.bias");
  CHECK_THROWS_WITH(FaceModel(broken, "a/b.safetensors"),
                    ContainsSubstring("a/b.safetensors") && ContainsSubstring("logits.bias"));
  model::Model other = test::released_model("nano");
  for (const FaceFormat& format :
       {FaceFormat{96, 64, Colour::grey}, {256, 256, Colour::grey}, {96, 96, Colour::bgr}}) {
    other.info.input.cut.format = format;
    CHECK_THROWS_WITH(FaceModel(other, "a/b.safetensors"), ContainsSubstring(text_of(format)));
  }
  other.info.input.cut = {{}, 1.5};
  CHECK_THROWS_WITH(FaceModel(other, "a/b.safetensors"), ContainsSubstring("square ones"));
  // Its weights are for grey faces.
  other.info.input.cut = {{48, 48, Colour::rgb}, 0.0};
  CHECK_THROWS_WITH(FaceModel(other, "a/b.safetensors"), ContainsSubstring("stem.weight"));
}

}  // namespace
}  // namespace fer::infer
