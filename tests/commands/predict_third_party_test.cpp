// The pixels of a picture that a third-party classifier gets.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/commands/model_import_command.h"
#include "fer/commands/predict_command.h"
#include "fer/core/safetensors_file.h"
#include "fer/detect/detector.h"
#include "fer/model/named_models.h"
#include "fer/predict/face_finder.h"
#include "fer/predictor.h"
#include "predict/frame_work_fixtures.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

using nlohmann::json;
using test::TemporaryFolder;

struct ThirdPartyFile {
  const char* name;
  int width, height, type;
};
constexpr ThirdPartyFile kThirdParty[] = {
    {"mobile", 112, 112, CV_8UC3}, {"xception", 64, 64, CV_8UC1}, {"residual", 96, 40, CV_8UC3}};

// Smooth random pictures of the networks' own sizes, NAME.png, so that nothing is scaled.
void build(const TemporaryFolder& folder) {
  test::run_python("third_party_models.py", {"build", folder.path().string()});
  std::uint64_t seed = 1;
  for (const ThirdPartyFile& file : kThirdParty) {
    cv::Mat small(6, 6, file.type), picture;
    cv::RNG(seed++).fill(small, cv::RNG::UNIFORM, 0, 256);
    cv::resize(small, picture, {file.width, file.height}, 0, 0, cv::INTER_CUBIC);
    test::save((folder / (file.name + std::string(".png"))).string(),
               test::encoded(".png", picture));
  }
  test::run_python("third_party_models.py", {"pictures", folder.path().string()});
}

std::vector<float> reference(const TemporaryFolder& folder, const std::string& name) {
  const SafetensorsFile file(folder / (name + ".safetensors"));
  return file.floats(*file.find("probabilities"));
}

TEST_CASE("An imported network gets the picture's own pixels and colours",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors", "PIL");
  const TemporaryFolder folder;
  build(folder);
  for (const ThirdPartyFile& file : kThirdParty) {
    CAPTURE(file.name);
    const std::string name = file.name;
    PredictOptions options;
    options.model = {(folder / (name + ".onnx")).string()};
    options.spec = {(folder / (name + ".json")).string()};
    options.sources = {(folder / (name + ".png")).string()};
    options.faces.detector = "none";
    options.format = "jsonl";
    test::RecordingConsole console;
    REQUIRE(run_predict(options, console) == 0);
    const json face = console.lines().at(0).at("faces").at(0);
    model::OnnxSpecs specs(options.spec);
    const LabelSet labels =
        model::load_models(options.model, "model", &specs).front().model.info.labels;
    const std::vector<float> expected = reference(folder, name);
    REQUIRE(expected.size() == labels.size());
    for (std::size_t c = 0; c < labels.size(); ++c) {
      const double p = face.at("probabilities").at(labels.name(c)).get<double>();
      CHECK(std::abs(p - double{expected[c]}) < 1e-5);
    }
  }
}

TEST_CASE("The library's predictor gives an imported network the picture's own pixels",
          "[api][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors", "PIL");
  const TemporaryFolder folder;
  build(folder);
  ModelImportOptions import;
  import.onnx = (folder / "mobile.onnx").string();
  import.spec = (folder / "mobile.json").string();
  import.output = (folder / "mobile-ours.safetensors").string();
  test::RecordingConsole console;
  REQUIRE(run_model_import(import, console) == 0);
  const Predictor predictor({.models = {import.output}, .detector = "none"});
  const std::vector<Face> faces = predictor.predict_file((folder / "mobile.png").string());
  REQUIRE(faces.size() == 1);
  const std::vector<float> expected = reference(folder, "mobile");
  for (std::size_t c = 0; c < expected.size(); ++c) {
    CHECK(std::abs(double{faces[0].probabilities[c]} - double{expected[c]}) < 1e-5);
  }
}

// One face, a square of 40 pixels.
class OneFace final : public detect::Detector {
 public:
  std::vector<detect::DetectedFace> detect(const cv::Mat&) override {
    detect::DetectedFace face;
    face.box = {30, 30, 40, 40};
    face.score = 1.0;
    return {face};
  }
};

TEST_CASE("Each network's cut has its own size, colours and margin", "[predict][unit]") {
  // Blue grows to the right, green downwards, and red is 7.
  cv::Mat picture(100, 100, CV_8UC3);
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) {
      picture.at<cv::Vec3b>(y, x) = {static_cast<unsigned char>(2 * x),
                                     static_cast<unsigned char>(y), 7};
    }
  }
  predict::FaceFinder find(
      test::open_new<OneFace>, 1,
      {.crop = {},
       .wanted = {.format = {},
                  .cuts = {{{80, 40, Colour::rgb}, 2.0}, {{20, 20, Colour::grey}, 0.0}}}});
  predict::FrameWork work;
  work.prediction.frame.image = picture;
  find.find(work);
  REQUIRE(work.cuts.size() == 1);
  REQUIRE(work.cuts[0].size() == 2);
  const std::vector<std::uint8_t>&wide = work.cuts[0][0], &small = work.cuts[0][1];
  REQUIRE(wide.size() == 40 * 80 * 3);
  REQUIRE(small.size() == 20 * 20);
  // A square of 80 pixels from (10, 10) on, half as high.
  CHECK(int{wide[0]} == 7);
  CHECK(std::abs(wide[1] - 10.5) < 1.0);  // the mean of rows 10 and 11, rounded
  CHECK(int{wide[2]} == 20);
  CHECK(int{wide[(39 * 80 + 79) * 3 + 2]} == 2 * 89);
  // One of 40 from (30, 30) on: 0.114 blue + 0.587 green + 0.299 red, of pixels 30 and 31.
  CHECK(std::abs(small[0] - (0.114 * 61 + 0.587 * 30.5 + 0.299 * 7)) < 1.0);
}

}  // namespace
}  // namespace fer::commands
