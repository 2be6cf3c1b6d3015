#include "fer/predict/label_stabilizer.h"

#include "support/catch.h"

namespace fer::predict {
namespace {

output::FramePrediction followed_face(double time_s, std::vector<float> probabilities) {
  output::FramePrediction prediction;
  prediction.frame.time_s = time_s;
  output::FacePrediction& face = prediction.faces.emplace_back();
  face.track = 7;
  face.probabilities = std::move(probabilities);
  return prediction;
}

TEST_CASE("one odd frame does not change the label of a face that is followed", "[predict][unit]") {
  LabelStabilizer stabilizer({});
  for (int i = 0; i < 20; ++i) {
    output::FramePrediction prediction = followed_face(0.1 * i, {0.9F, 0.1F});
    stabilizer.update(prediction);
  }
  output::FramePrediction odd = followed_face(2.0, {0.1F, 0.9F});
  stabilizer.update(odd);
  CHECK(odd.faces[0].label() == 0);
  CHECK(odd.faces[0].probabilities[0] > 0.7F);
}

TEST_CASE("a face without a track is shown as it was classified", "[predict][unit]") {
  LabelStabilizer stabilizer({});
  output::FramePrediction prediction = followed_face(0.0, {0.3F, 0.7F});
  prediction.faces[0].track.reset();
  stabilizer.update(prediction);
  CHECK(prediction.faces[0].label() == 1);
  CHECK(prediction.faces[0].probabilities == std::vector{0.3F, 0.7F});
}

TEST_CASE("a face is uncertain below the least probability, and not at it", "[predict][unit]") {
  LabelStabilizer stabilizer({.smoothing = {}, .least_probability = 0.5});
  output::FramePrediction at = followed_face(0.0, {0.5F, 0.5F});
  at.faces[0].track.reset();
  stabilizer.update(at);
  CHECK_FALSE(at.faces[0].uncertain);
  output::FramePrediction below = followed_face(0.0, {0.4F, 0.3F, 0.3F});
  below.faces[0].track.reset();
  stabilizer.update(below);
  CHECK(below.faces[0].uncertain);
}

}  // namespace
}  // namespace fer::predict
