#include "fer/api/predictor.h"

#include <numeric>
#include <opencv2/imgcodecs.hpp>

#include "fer/core/error.h"
#include "fer/model/model_file.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

// Each picture is a face.
PredictorOptions whole_pictures(const TemporaryFolder& folder) {
  const std::string model = folder / "m.safetensors";
  save_model(model, test::fresh_model(1));
  return {.models = {model}, .tta = "none", .detector = "none", .device = "cpu"};
}

TEST_CASE("A predictor gives a picture's face with its box, label and probabilities",
          "[api][unit]") {
  const TemporaryFolder folder;
  Predictor predictor(whole_pictures(folder));
  const std::vector<Face> faces = predictor.predict(test::plain_picture(60, 40, 90));
  REQUIRE(faces.size() == 1);
  const Face& face = faces.front();
  CHECK(face.box == cv::Rect(0, 0, 60, 40));
  REQUIRE(face.probabilities.size() == predictor.labels().size());
  CHECK(std::accumulate(face.probabilities.begin(), face.probabilities.end(), 0.0) ==
        Catch::Approx(1.0));
  const auto best = std::max_element(face.probabilities.begin(), face.probabilities.end());
  CHECK(face.label ==
        predictor.labels()[static_cast<std::size_t>(best - face.probabilities.begin())]);
  CHECK(face.probability == double{*best});
}

TEST_CASE("A file and its picture are one and the same to a predictor", "[api][unit]") {
  const TemporaryFolder folder;
  Predictor predictor(whole_pictures(folder));
  cv::Mat picture = test::plain_picture(50, 50, 10);
  picture(cv::Rect(10, 10, 20, 20)).setTo(cv::Scalar(20, 200, 100));
  cv::imwrite(folder / "p.png", picture);
  CHECK(predictor.predict_file(folder / "p.png").at(0).probabilities ==
        predictor.predict(picture).at(0).probabilities);
}

TEST_CASE("A predictor says what is wrong with a picture or an option", "[api][unit]") {
  const TemporaryFolder folder;
  Predictor predictor(whole_pictures(folder));
  CHECK_THROWS_MATCHES(predictor.predict(cv::Mat()), Error,
                       MessageMatches(ContainsSubstring("must not be empty")));
  CHECK_THROWS_MATCHES(predictor.predict(cv::Mat(8, 8, CV_8UC1)), Error,
                       MessageMatches(ContainsSubstring("8-bit BGR")));
  CHECK_THROWS_MATCHES(predictor.predict_file(folder / "none.png"), Error,
                       MessageMatches(ContainsSubstring("none.png")));
  PredictorOptions options = whole_pictures(folder);
  options.detector = "eyes";
  CHECK_THROWS_MATCHES(Predictor(options), Error, MessageMatches(ContainsSubstring("yunet")));
}

}  // namespace
}  // namespace fer
