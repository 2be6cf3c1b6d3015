#include "fer/commands/predict_command.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "fer/nn/architectures.h"
#include "fer/nn/frozen_model.h"
#include "fer/nn/model.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"
#include "support/recording_console.h"

namespace fer::commands {
namespace {

using test::TemporaryFolder;

nn::Model fresh_model() {
  nn::Model model;
  model.info.architecture = "seed-cnn";
  model.net = nn::make_classifier("seed-cnn", static_cast<std::int64_t>(model.info.labels.size()));
  model.net->eval();
  return model;
}

std::string save_noise(const std::string& path, std::uint64_t seed) {
  cv::Mat picture(60, 50, CV_8UC3);
  cv::RNG(seed).fill(picture, cv::RNG::UNIFORM, 0, 256);
  return test::save(path, test::encoded(".png", picture));
}

TEST_CASE("fer-predict writes the probabilities that the model gives the face",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const nn::Model model = fresh_model();
  nn::save_model((folder / "m.safetensors").string(), model);
  PredictOptions options;
  options.model = {(folder / "m.safetensors").string()};
  options.sources = {save_noise((folder / "a.png").string(), 1),
                     save_noise((folder / "b.png").string(), 2)};
  options.detector = "none";
  options.format = "jsonl";
  test::RecordingConsole console;
  REQUIRE(run_predict(options, console) == 0);

  std::istringstream lines(console.output.str());
  for (const std::string& path : options.sources) {
    CAPTURE(path);
    std::string line;
    REQUIRE(std::getline(lines, line));
    const auto face = nlohmann::json::parse(line).at("faces").at(0);
    // The long way round, one face by itself.
    const FacePixels pixels = image::face_pixels(image::read_image(path));
    at::Tensor image = at::empty({1, kFaceSide, kFaceSide}, at::kByte);
    std::copy(pixels.begin(), pixels.end(), image.mutable_data_ptr<std::uint8_t>());
    const at::Tensor expected = nn::predict_probabilities(model, image, 1);
    double sum = 0.0;
    for (std::size_t i = 0; i < model.info.labels.size(); ++i) {
      const double p = face.at("probabilities").at(model.info.labels.name(i)).get<double>();
      CHECK(std::abs(p - expected[0][static_cast<std::int64_t>(i)].item<double>()) < 1e-5);
      sum += p;
    }
    CHECK(std::abs(sum - 1.0) < 1e-6);
  }
}

TEST_CASE("fer-predict without a source or with a missing model is an error",
          "[commands][integration]") {
  using Catch::Matchers::ContainsSubstring;
  using Catch::Matchers::MessageMatches;
  const TemporaryFolder folder;
  test::RecordingConsole console;
  PredictOptions options;
  CHECK_THROWS_MATCHES(run_predict(options, console), Error,
                       MessageMatches(ContainsSubstring("no source")));
  options.sources = {save_noise((folder / "a.png").string(), 1)};
  options.model = {(folder / "none.safetensors").string()};
  CHECK_THROWS_MATCHES(run_predict(options, console), Error,
                       MessageMatches(ContainsSubstring("none.safetensors")));
}

}  // namespace
}  // namespace fer::commands
