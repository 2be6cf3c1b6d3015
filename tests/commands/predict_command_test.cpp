#include "fer/commands/predict_command.h"

#include <ATen/Functions.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fer/core/error.h"
#include "fer/core/files.h"
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
  options.faces.detector = "none";
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
    const std::vector<std::uint8_t> pixels =
        image::face_bytes(image::read_image(path), FaceFormat{});
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

TEST_CASE("fer-predict writes the vectors that the last layer reads", "[commands][integration]") {
  const TemporaryFolder folder;
  const nn::Model model = fresh_model();
  nn::save_model((folder / "m.safetensors").string(), model);
  PredictOptions options;
  options.model = {(folder / "m.safetensors").string()};
  options.sources = {save_noise((folder / "a.png").string(), 1),
                     save_noise((folder / "b.png").string(), 2)};
  options.faces.detector = "none";
  options.format = "jsonl";
  options.features = (folder / "f.npy").string();
  test::RecordingConsole console;
  REQUIRE(run_predict(options, console) == 0);
  const std::string array = read_file(folder / "f.npy", 1 << 20);
  CHECK(array.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  const auto weights = nn::named_weights(*model.net);
  const at::Tensor last = weights.at("logits.weight"), bias = weights.at("logits.bias");
  const auto size = static_cast<std::size_t>(last.size(1));
  CHECK(array.find("'shape': (2, " + std::to_string(size) + ")") != std::string::npos);
  REQUIRE(array.size() == 128 + 2 * size * sizeof(float));
  std::vector<float> rows(2 * size);
  std::memcpy(rows.data(), array.data() + 128, rows.size() * sizeof(float));

  options.features = (folder / "f.jsonl").string();
  REQUIRE(run_predict(options, console) == 0);
  std::istringstream lines(read_file(folder / "f.jsonl", 1 << 20));
  for (std::size_t i = 0; i < 2; ++i) {
    std::string line;
    REQUIRE(std::getline(lines, line));
    const auto face = nlohmann::json::parse(line);
    CHECK(face.at("source") == options.sources[i]);
    CHECK(face.at("box") == nlohmann::json({0, 0, 50, 60}));
    const auto features = face.at("features").get<std::vector<float>>();
    CHECK(std::equal(features.begin(), features.end(), rows.begin() + std::ptrdiff_t(i * size)));
    // From these features, the last layer gives the predicted probabilities.
    const at::Tensor vector = at::tensor(features).unsqueeze(0);
    const at::Tensor expected = at::softmax(vector.matmul(last.t()) + bias, 1);
    const auto said = console.lines().at(i).at("faces").at(0).at("probabilities");
    for (std::size_t c = 0; c < model.info.labels.size(); ++c) {
      CHECK(std::abs(said.at(model.info.labels.name(c)).get<double>() -
                     expected[0][static_cast<std::int64_t>(c)].item<double>()) < 1e-5);
    }
  }
  options.features = (folder / "f.txt").string();
  CHECK_THROWS_WITH(run_predict(options, console),
                    Catch::Matchers::ContainsSubstring(".jsonl (JSON Lines), .npy (NumPy)"));
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
