#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <thread>

#include "fer/core/files.h"
#include "fer/core/label_set.h"
#include "fer/fer.h"
#include "fer/nn/model.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::TemporaryFolder;

// A predictor that takes each picture as a face.
struct WholePictures {
  WholePictures() {
    const std::string model = folder / "m.safetensors";
    nn::save_model(model, test::fresh_model(1));
    const char* models[] = {model.c_str()};
    fer_options options = fer_default_options();
    options.models = models;
    options.model_count = 1;
    options.detector = "none";
    REQUIRE(fer_create(&options, &predictor) == FER_OK);
  }
  ~WholePictures() { fer_destroy(predictor); }
  WholePictures(const WholePictures&) = delete;
  WholePictures& operator=(const WholePictures&) = delete;

  TemporaryFolder folder;
  fer_predictor* predictor = nullptr;
};

fer_image image_of(const cv::Mat& bgr) {
  return {bgr.data, bgr.cols, bgr.rows, bgr.step[0], FER_BGR8};
}

TEST_CASE("In C a file, its bytes and its pixels give the same face", "[api][unit]") {
  const WholePictures with;
  const cv::Mat picture = test::plain_picture(60, 40, 90);
  const std::string path = with.folder / "p.png";
  cv::imwrite(path, picture);
  const std::string bytes = read_file(path, 1 << 20);
  const fer_image image = image_of(picture);
  fer_faces *of_file = nullptr, *of_bytes = nullptr, *of_image = nullptr;
  CHECK(fer_predict_file(with.predictor, path.c_str(), &of_file) == FER_OK);
  CHECK(fer_predict_bytes(with.predictor, bytes.data(), bytes.size(), &of_bytes) == FER_OK);
  CHECK(fer_predict_image(with.predictor, &image, &of_image) == FER_OK);
  const std::size_t labels = fer_label_count(with.predictor);
  CHECK(labels == 7);
  for (fer_faces* faces : {of_file, of_bytes, of_image}) {
    REQUIRE(fer_face_count(faces) == 1);
    const fer_face face = fer_face_at(faces, 0);
    CHECK((face.x == 0 && face.y == 0 && face.width == 60 && face.height == 40));
    CHECK(std::equal(face.probabilities, face.probabilities + labels,
                     fer_face_at(of_file, 0).probabilities));
    const auto* best = std::max_element(face.probabilities, face.probabilities + labels);
    CHECK(face.probability == double{*best});
    CHECK(std::string(face.label) ==
          fer_label_at(with.predictor, static_cast<std::size_t>(best - face.probabilities)));
    CHECK(fer_face_at(faces, 1).label == nullptr);
  }
  for (fer_faces* faces : {of_file, of_bytes, of_image}) fer_free_faces(faces);
}

TEST_CASE("In C a failure is a status, with its reason for the thread it happened in",
          "[api][unit]") {
  const WholePictures with;
  auto* faces = reinterpret_cast<fer_faces*>(1);
  CHECK(fer_predict_file(with.predictor, "/no/such.png", &faces) == FER_ERROR);
  CHECK(faces == nullptr);
  CHECK_THAT(fer_last_error(), ContainsSubstring("/no/such.png"));
  std::string elsewhere = "nothing was asked";
  std::thread([&] { elsewhere = fer_last_error(); }).join();
  CHECK(elsewhere.empty());
  fer_image image = image_of(test::plain_picture(4, 4, 0));
  image.format = static_cast<fer_pixel_format>(7);
  CHECK(fer_predict_image(with.predictor, &image, &faces) == FER_ERROR);
  CHECK_THAT(fer_last_error(), ContainsSubstring("pixel format 7"));
  fer_options options = fer_default_options();
  options.detector = "eyes";
  fer_predictor* none = nullptr;
  CHECK(fer_create(&options, &none) == FER_ERROR);
  CHECK(none == nullptr);
  CHECK_THAT(fer_last_error(), ContainsSubstring("eyes"));
}

TEST_CASE("In C null pointers are errors, not crashes", "[api][unit]") {
  const WholePictures with;
  fer_faces* faces = nullptr;
  CHECK(fer_predict_file(nullptr, "a.png", &faces) == FER_ERROR);
  CHECK_THAT(fer_last_error(), ContainsSubstring("predictor: is a null pointer"));
  CHECK(fer_predict_file(with.predictor, nullptr, &faces) == FER_ERROR);
  CHECK(fer_predict_bytes(with.predictor, nullptr, 0, &faces) == FER_ERROR);
  CHECK(fer_predict_image(with.predictor, nullptr, &faces) == FER_ERROR);
  CHECK(fer_predict_file(with.predictor, "a.png", nullptr) == FER_ERROR);
  CHECK(fer_create(nullptr, nullptr) == FER_ERROR);
  CHECK(fer_face_count(nullptr) == 0);
  CHECK(fer_label_count(nullptr) == 0);
  CHECK(fer_label_at(with.predictor, 7) == nullptr);
  CHECK(std::string(fer_detector(with.predictor)) == "none");
  CHECK(std::string(fer_version()) == FER_VERSION_STRING);
  fer_free_faces(nullptr);
  fer_destroy(nullptr);
}

}  // namespace
}  // namespace fer
