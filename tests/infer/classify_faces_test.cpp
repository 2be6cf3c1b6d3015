#include "fer/infer/classify_faces.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/infer/face_model.h"
#include "fer/nn/model.h"
#include "support/catch.h"
#include "support/shaken_model.h"
#include "support/temporary_folder.h"

namespace fer::infer {
namespace {

std::vector<std::uint8_t> noise(std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  std::uint32_t state = 5;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  return bytes;
}

TEST_CASE("Models of several formats get faces in the first one's, and cuts for the others",
          "[infer][unit]") {
  const test::TemporaryFolder folder;
  const FaceFormat grey{64, 64, Colour::grey}, rgb{80, 80, Colour::rgb};
  graph::NetOptions narrow;
  narrow.width = 0.25;
  std::vector<std::string> paths;
  for (const FaceFormat& format : {grey, rgb, grey}) {
    paths.push_back(folder / (std::to_string(paths.size()) + ".safetensors"));
    nn::save_model(paths.back(), test::shaken_model("nano", narrow, LabelSet::fer2013(), format));
  }
  const auto models = model::load_models(paths);
  const ClassifyFaces classify = classify_with(models, Tta::none, 1);
  CHECK(classify.wanted().format == grey);
  REQUIRE(classify.wanted().cuts.size() == 1);
  CHECK(classify.wanted().cuts[0] == FaceCut{rgb});
  CHECK(number_of_cut(classify.wanted(), FaceCut{rgb}) == 0);
  CHECK_FALSE(number_of_cut(classify.wanted(), FaceCut{grey}).has_value());

  const Faces faces(grey, noise(grey.bytes())), cut(rgb, noise(rgb.bytes()));
  const FacesView bytes = cut;
  const std::vector<FaceCuts> cuts = {{{bytes.bytes().begin(), bytes.bytes().end()}}};
  runtime::Team team(1);
  const auto row_of = [&](std::size_t model, FacesView seen) {
    return FaceModel(models[model].model, "m").probabilities(seen, Tta::none, team);
  };
  const auto own = row_of(0, faces), other = row_of(1, cut), scaled = row_of(1, faces);
  const auto with_cuts = classify(faces, cuts), without = classify(faces);
  REQUIRE(with_cuts.size() == 1);
  for (std::size_t c = 0; c < own.size(); ++c) {
    const double twice = 2.0 * double{own[c]};  // the third model is the first
    CHECK(std::abs(with_cuts[0][c] - (twice + double{other[c]}) / 3.0) < 1e-6);
    // Without its picture a face is scaled, each colour being the grey level.
    CHECK(std::abs(without[0][c] - (twice + double{scaled[c]}) / 3.0) < 1e-6);
  }
}

TEST_CASE("Bytes that are no whole faces are an error that says how many a face has",
          "[infer][unit]") {
  const FaceFormat rgb{64, 64, Colour::rgb};
  graph::NetOptions narrow;
  narrow.width = 0.25;
  const FaceModel model(nn::stored(test::shaken_model("nano", narrow, LabelSet::fer2013(), rgb)),
                        "m");
  runtime::Team team(1);
  const std::vector<std::uint8_t> bytes(rgb.bytes() + 1);
  CHECK_THROWS_WITH(model.probabilities({bytes, rgb}, Tta::none, team),
                    Catch::Matchers::ContainsSubstring("faces have 12288 bytes each"));
}

}  // namespace
}  // namespace fer::infer
