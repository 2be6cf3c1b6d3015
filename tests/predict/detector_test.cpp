#include "fer/predict/detector.h"


#include "fer/core/error.h"
#include "fer/image/image.h"
#include "fer/predict/haar_detector.h"
#include "predict/predict_fixtures.h"
#include "support/catch.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::shared_photo;

// Whether `box` is centred where the face is and of about its size.
bool around(const cv::Rect& box, int x, int y, int width) {
  const cv::Point centre = (box.tl() + box.br()) / 2;
  return std::abs(centre.x - x) < width / 5 && std::abs(centre.y - y) < width / 5 &&
         std::abs(box.width - width) < width / 3;
}

// OpenCV's cascades come as a package of their own.
bool cascade_is_missing() {
  try {
    find_haar_cascade();
    return false;
  } catch (const Error&) {
    return true;
  }
}

class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ~EnvironmentVariable() {
    if (old_) {
      ::setenv(name_, old_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST_CASE("every detector of the table except haar can be made without a file", "[predict][unit]") {
  for (const std::string& name : detector_names()) {
    CAPTURE(name);
    if (name != "none" && cascade_is_missing()) continue;
    CHECK(make_detector({.name = name, .model = {}}) != nullptr);
  }
}

TEST_CASE("an unknown detector is an error that lists those there are", "[predict][unit]") {
  CHECK_THROWS_MATCHES(
      make_detector({.name = "hog", .model = {}}), Error,
      MessageMatches(ContainsSubstring("'hog'") && ContainsSubstring("auto, haar, none")));
}

TEST_CASE("with none the whole picture is one sure face", "[predict][unit]") {
  const auto detector = make_detector({.name = "none", .model = {}});
  const auto faces = detector->detect(test::plain_picture(64, 48, 0));
  REQUIRE(faces.size() == 1);
  CHECK(faces[0].box == cv::Rect(0, 0, 64, 48));
  CHECK(faces[0].score == 1.0);
  CHECK_THROWS_MATCHES(make_detector({.name = "none", .model = "x.xml"}), Error,
                       MessageMatches(ContainsSubstring("--detector-model: x.xml")));
}

TEST_CASE("a detector model that is missing or no cascade is an error naming it",
          "[predict][unit]") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_MATCHES(make_detector({.name = "haar", .model = (folder / "none.xml").string()}), Error,
                       MessageMatches(ContainsSubstring("none.xml")));
  for (const char* content :
       {"", "no XML", "<?xml version=\"1.0\"?><opencv_storage><a>1</a></opencv_storage>",
        "<?xml version=\"1.0\"?><opencv_storage><cascade><stageType>"}) {
    CAPTURE(content);
    const std::string path = test::save((folder / "bad.xml").string(), content);
    CHECK_THROWS_MATCHES(make_detector({.name = "haar", .model = path}), Error,
                         MessageMatches(ContainsSubstring("bad.xml: is not a cascade")));
  }
}

TEST_CASE("OPENCV_DATA_PATH is searched first", "[predict][unit]") {
  const test::TemporaryFolder folder;
  const EnvironmentVariable variable("OPENCV_DATA_PATH", folder.path().string());
  CHECK(haar_cascade_folders().front().string() == (folder / "haarcascades").string());
  const std::string cascade =
      test::save((folder / "haarcascade_frontalface_alt2.xml").string(), "any content");
  CHECK(find_haar_cascade().string() == cascade);
}

TEST_CASE("a picture without faces gives an empty list", "[predict][integration]") {
  if (cascade_is_missing()) FER_SKIP("no Haar cascade on this machine");
  const auto detector = make_detector({});
  CHECK(detector->detect(test::plain_picture(640, 480, 128)).empty());

  cv::Mat noise(480, 640, CV_8UC3);
  cv::RNG(3).fill(noise, cv::RNG::UNIFORM, 0, 256);
  CHECK(detector->detect(noise).empty());

  cv::Mat shapes = test::plain_picture(640, 480, 220);
  cv::rectangle(shapes, {50, 60, 200, 300}, {30, 60, 90}, cv::FILLED);
  cv::circle(shapes, {450, 240}, 120, {200, 80, 20}, cv::FILLED);
  CHECK(detector->detect(shapes).empty());
}

TEST_CASE("a picture smaller than a face window gives an empty list", "[predict][unit]") {
  if (cascade_is_missing()) FER_SKIP("no Haar cascade on this machine");
  const auto detector = make_detector({});
  CHECK(detector->detect(test::plain_picture(1, 1, 0)).empty());
  CHECK(detector->detect(test::plain_picture(3000, 2, 0)).empty());
}

TEST_CASE("the default detector finds exactly the two faces of the photo of two",
          "[predict][integration]") {
  const auto photo = shared_photo("two_faces.jpg");
  if (!photo || cascade_is_missing()) FER_SKIP("no shared photos or no Haar cascade on this machine");
  const auto faces = make_detector({})->detect(read_image(*photo));
  REQUIRE(faces.size() == 2);
  CHECK(around(faces[0].box, 320, 115, 174));  // positions read off the photo
  CHECK(around(faces[1].box, 875, 155, 174));
  for (const DetectedFace& face : faces) {
    CHECK(face.score > 0.5);
    CHECK(face.score < 1.0);
  }
}

TEST_CASE("a picture larger than the scan gives boxes in its own pixels",
          "[predict][integration]") {
  const auto photo = shared_photo("one_face_480p.jpg");
  if (!photo || cascade_is_missing()) FER_SKIP("no shared photos or no Haar cascade on this machine");
  const cv::Mat picture = read_image(*photo);
  const auto faces = make_detector({})->detect(picture);
  REQUIRE(faces.size() == 1);
  CHECK(around(faces[0].box, 443, 110, 125));

  cv::Mat large;
  cv::resize(picture, large, {}, 4.0, 4.0, cv::INTER_CUBIC);
  const auto large_faces = make_detector({})->detect(large);
  REQUIRE(large_faces.size() == 1);
  CHECK(around(large_faces[0].box, 4 * 443, 4 * 110, 4 * 125));
}

TEST_CASE("in the photo of three nothing but faces is found", "[predict][integration]") {
  const auto photo = shared_photo("three_faces.jpg");
  if (!photo || cascade_is_missing()) FER_SKIP("no shared photos or no Haar cascade on this machine");
  // The third, a child who looks down, is no frontal face: beyond any of OpenCV's cascades.
  const auto faces = make_detector({})->detect(read_image(*photo));
  REQUIRE(faces.size() == 2);
  CHECK(around(faces[0].box, 418, 258, 100));
  CHECK(around(faces[1].box, 618, 240, 116));
}

}  // namespace
}  // namespace fer
