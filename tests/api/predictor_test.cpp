#include "fer/predictor.h"

#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "detect/detector_fixtures.h"
#include "fer/core/files.h"
#include "fer/nn/model.h"
#include "fer/opencv.h"
#include "fer/runtime/cpu.h"
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
  nn::save_model(model, test::fresh_model(1));
  return {.models = {model}, .tta = "none", .detector = "none"};
}

// Different pictures, each with something in it.
std::vector<cv::Mat> pictures(int count) {
  std::vector<cv::Mat> all;
  for (int i = 0; i < count; ++i) {
    cv::Mat picture = test::plain_picture(60 + i, 50, 20.0 + i);
    cv::circle(picture, {25 + i, 25}, 10 + i % 7, cv::Scalar::all(200 - i), -1);
    all.push_back(picture);
  }
  return all;
}

std::vector<ImageView> views_of(const std::vector<cv::Mat>& pictures) {
  std::vector<ImageView> views;
  for (const cv::Mat& picture : pictures) views.push_back(view(picture));
  return views;
}

TEST_CASE("A predictor gives a picture's face with its box, label and probabilities",
          "[api][unit]") {
  const TemporaryFolder folder;
  const Predictor predictor(whole_pictures(folder));
  const std::vector<Face> faces = predictor.predict(view(test::plain_picture(60, 40, 90)));
  REQUIRE(faces.size() == 1);
  const Face& face = faces.front();
  CHECK((face.box == Box{0, 0, 60, 40}));
  REQUIRE(face.probabilities.size() == predictor.labels().size());
  CHECK(std::accumulate(face.probabilities.begin(), face.probabilities.end(), 0.0) ==
        Catch::Approx(1.0));
  const auto best = std::max_element(face.probabilities.begin(), face.probabilities.end());
  CHECK(face.label ==
        predictor.labels()[static_cast<std::size_t>(best - face.probabilities.begin())]);
  CHECK(face.probability == double{*best});
}

TEST_CASE("A file, its bytes and its pixels are one and the same to a predictor", "[api][unit]") {
  const TemporaryFolder folder;
  const Predictor predictor(whole_pictures(folder));
  const cv::Mat picture = pictures(1).front();
  cv::imwrite(folder / "p.png", picture);
  const std::string bytes = read_file(folder / "p.png", 1 << 20);
  const std::vector<Face> expected = predictor.predict(view(picture));
  CHECK((predictor.predict_file(folder / "p.png") == expected));
  const std::span file(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  CHECK((predictor.predict_bytes(file) == expected));
  CHECK((predictor.classify_crops(views_of({picture})) == expected));
}

TEST_CASE("Options that are out of bounds are errors before anything is loaded", "[api][unit]") {
  const auto message_of = [](const PredictorOptions& options) -> std::string {
    try {
      const Predictor predictor(options);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  for (const int threads : {-1, 1025, 1'000'000}) {
    PredictorOptions options;
    options.threads = threads;
    CHECK_THAT(message_of(options), ContainsSubstring("threads: " + std::to_string(threads)));
  }
  PredictorOptions nameless;
  nameless.models = {"nano", ""};
  CHECK_THAT(message_of(nameless), ContainsSubstring("a name is empty"));
}

TEST_CASE("Of a batch each picture has its faces, and a wrong one an error of its own",
          "[api][unit]") {
  const TemporaryFolder folder;
  PredictorOptions options = whole_pictures(folder);
  options.threads = 2;
  const Predictor predictor(options);
  const std::vector<cv::Mat> all = pictures(5);
  std::vector<ImageView> views = views_of(all);
  views[2].pixels = nullptr;
  const std::vector<PictureResult> results = predictor.predict(views);
  REQUIRE(results.size() == 5);
  CHECK(results[2].failed());
  CHECK_THAT(results[2].error, ContainsSubstring("null pointer"));
  CHECK(results[2].faces.empty());
  for (const std::size_t i : {0, 1, 3, 4}) {
    CAPTURE(i);
    CHECK_FALSE(results[i].failed());
    const std::vector<Face> alone = predictor.predict(view(all[i]));
    REQUIRE(results[i].faces.size() == 1);
    CHECK((results[i].faces[0].box == alone[0].box));
    for (std::size_t c = 0; c < alone[0].probabilities.size(); ++c) {
      CHECK(std::abs(results[i].faces[0].probabilities[c] - alone[0].probabilities[c]) < 1e-5F);
    }
  }
  CHECK(predictor.predict(std::span<const ImageView>()).empty());
  CHECK_THROWS_MATCHES(predictor.classify_crops(views), Error,
                       MessageMatches(ContainsSubstring("crop 2")));
}

TEST_CASE("Pictures of several kinds go into one call, each with its size and its own error",
          "[api][unit]") {
  const TemporaryFolder folder;
  const Predictor predictor(whole_pictures(folder));
  const cv::Mat picture = pictures(1).front();
  cv::imwrite(folder / "p.png", picture);
  const std::string bytes = read_file(folder / "p.png", 1 << 20);
  const std::span file(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  const std::vector<Picture> all = {view(picture), std::string(folder / "p.png"), file,
                                    std::string(folder / "no-such.png"), file.first(60)};
  const std::vector<PictureResult> results = predictor.predict_pictures(all);
  REQUIRE(results.size() == all.size());
  const std::vector<Face> expected = predictor.predict(view(picture));
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK((results[i].faces == expected));
    CHECK(results[i].error.empty());
    CHECK(results[i].width == picture.cols);
    CHECK(results[i].height == picture.rows);
  }
  CHECK_THAT(results[3].error, ContainsSubstring("no-such.png"));
  CHECK_THAT(results[4].error, ContainsSubstring("picture"));
  CHECK(results[4].width == 0);
}

// Equal to the last bit.
void check_equal(const std::vector<Face>& found, const std::vector<Face>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    CAPTURE(k, found[k].box.x, found[k].box.y, found[k].box.width, found[k].box.height);
    CHECK((found[k].box == expected[k].box));
    CHECK(found[k].score == expected[k].score);
    CHECK(found[k].probabilities == expected[k].probabilities);
    CHECK(found[k].label == expected[k].label);
  }
}

// Runs several threads, each with all pictures but another start.
void check_threads(const Predictor& predictor, const std::vector<cv::Mat>& all) {
  std::vector<std::vector<Face>> expected;
  for (const cv::Mat& picture : all) expected.push_back(predictor.predict(view(picture)));
  std::vector<std::vector<std::vector<Face>>> found(4, {all.size(), std::vector<Face>()});
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < found.size(); ++t) {
    threads.emplace_back([&, t, own = predictor] {
      for (std::size_t k = 0; k < all.size(); ++k) {
        const std::size_t i = (k + t) % all.size();
        found[t][i] = own.predict(view(all[i]));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t t = 0; t < found.size(); ++t) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      CAPTURE(t, i);
      check_equal(found[t][i], expected[i]);
    }
  }
}

TEST_CASE("Several threads get from one predictor what one thread gets, to the last bit",
          "[api][unit]") {
  const TemporaryFolder folder;
  PredictorOptions options = whole_pictures(folder);
  options.tta = "shifts";  // enough work for several cores
  options.threads = 2;
  check_threads(Predictor(options), pictures(16));
}

TEST_CASE("Several threads share a predictor's detectors", "[api][integration]") {
  const std::optional<std::string> photo = test::shared_photo("three_faces.jpg");
  if (!photo) FER_SKIP("no shared photos on this machine");
  const TemporaryFolder folder;
  PredictorOptions options = whole_pictures(folder);
  options.detector = "auto";
  options.threads = 2;
  const cv::Mat whole = cv::imread(*photo);
  std::vector<cv::Mat> all;
  for (const double factor : {1.0, 0.8, 0.6, 0.4, 0.3}) {
    cv::resize(whole, all.emplace_back(), {}, factor * 640 / whole.cols, factor * 640 / whole.cols,
               cv::INTER_AREA);
  }
  check_threads(Predictor(options), all);
}

TEST_CASE("A predictor finds faces in the precision that is asked for", "[api][integration]") {
  const std::optional<std::string> photo = test::shared_photo("one_face_480p.jpg");
  if (!photo || !test::centerface_file()) FER_SKIP("no shared photos or detector on this machine");
  const TemporaryFolder folder;
  PredictorOptions options = whole_pictures(folder);
  options.detector = "centerface";
  const auto score = [&](const std::string& precision) {
    options.precision = precision;
    const std::vector<Face> faces = Predictor(options).predict_file(*photo);
    REQUIRE(faces.size() == 1);
    return faces.front().score;
  };
  const bool has_bfloat16 = runtime::runs_bfloat16(runtime::chosen_instructions());
  CHECK((score("auto") != score("float32")) == has_bfloat16);
}

TEST_CASE("A predictor says which models, classes and detector it works with", "[api][unit]") {
  const TemporaryFolder folder;
  const Predictor predictor(whole_pictures(folder));
  CHECK(predictor.detector() == "none");
  CHECK(predictor.labels() == LabelSet::fer2013().names());
  REQUIRE(predictor.models().size() == 1);
  const ModelCard& card = predictor.models().front();
  CHECK(card.name == "m");
  CHECK(card.file == folder / "m.safetensors");
  CHECK(card.architecture == "seed-cnn");
  CHECK(card.creator == "a test");
  CHECK(card.licence == "none");
  CHECK(card.data == "somewhere/faces.csv");
  CHECK(card.data_fingerprint == "0123456789abcdef");
  CHECK(card.input_side == 48);
  CHECK(card.temperature == 1.25);
  CHECK(card.weight == 1.0);
}

TEST_CASE("A copy of a predictor shares its weights and outlives it", "[api][unit]") {
  const TemporaryFolder folder;
  const cv::Mat picture = pictures(1).front();
  std::optional<Predictor> first(whole_pictures(folder));
  const std::vector<Face> expected = first->predict(view(picture));
  const Predictor copy = *first;
  CHECK(&copy.labels() == &first->labels());
  first.reset();
  CHECK((copy.predict(view(picture)) == expected));
}

TEST_CASE("A predictor says what is wrong with a picture or an option", "[api][unit]") {
  const TemporaryFolder folder;
  const Predictor predictor(whole_pictures(folder));
  CHECK_THROWS_MATCHES(predictor.predict(ImageView()), Error,
                       MessageMatches(ContainsSubstring("0x0 pixels")));
  CHECK_THROWS_MATCHES(predictor.predict_file(folder / "none.png"), Error,
                       MessageMatches(ContainsSubstring("none.png")));
  CHECK_THROWS_MATCHES(predictor.predict_bytes({}), Error,
                       MessageMatches(ContainsSubstring("picture")));
  PredictorOptions options = whole_pictures(folder);
  options.detector = "eyes";
  CHECK_THROWS_MATCHES(Predictor(options), Error, MessageMatches(ContainsSubstring("yunet")));
  options = whole_pictures(folder);
  options.tta = "twice";
  CHECK_THROWS_MATCHES(Predictor(options), Error, MessageMatches(ContainsSubstring("ten-crop")));
  options = whole_pictures(folder);
  options.models = {"no-such-model"};
  CHECK_THROWS_MATCHES(Predictor(options), Error,
                       MessageMatches(ContainsSubstring("no-such-model")));
}

}  // namespace
}  // namespace fer
