#include "fer/detect/open_detector.h"

#include "detect/detector_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/detect/detector_names.h"
#include "fer/image/image.h"
#include "support/catch.h"
#include "support/onnx_fixtures.h"

namespace fer::detect {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::around;
using test::cascade_is_missing;
using test::CurrentFolder;
using test::EnvironmentVariable;
using test::shared_photo;

DetectorOptions named(const std::string& name) { return {.name = name, .model = {}, .side = 0}; }

TEST_CASE("an unknown detector is an error that lists those there are", "[detect][unit]") {
  CHECK_THROWS_MATCHES(make_detector(named("hog")), Error,
                       MessageMatches(ContainsSubstring("'hog'") &&
                                      ContainsSubstring(join(detector_names(), ", "))));
}

// Whether the choice is from the test's folder: the source tree's own detectors are found, too,
// because the test programs lie in it.
bool is_from(const DetectorChoice& choice, const test::TemporaryFolder& folder) {
  return choice.model.parent_path() == folder.path();
}

TEST_CASE("auto takes the first of yunet and centerface whose file is there", "[detect][unit]") {
  const test::TemporaryFolder folder;
  const EnvironmentVariable variable("FER_DETECTORS", folder.path().string());
  test::save((folder / "centerface.onnx").string(), "any content");
  const DetectorChoice second = choose_detector({});
  if (second.name != "yunet") {  // which may be in the source tree
    CHECK(second.name == "centerface");
    CHECK(is_from(second, folder));
    CHECK_FALSE(second.reason.empty());
  }
  test::save((folder / "yunet_n_640_640.onnx").string(), "any content");
  const DetectorChoice first = choose_detector({});
  CHECK(first.name == "yunet");
  CHECK(first.model == folder / "yunet_n_640_640.onnx");
  test::save((folder / "yunet_n_320_320.onnx").string(), "any content");
  CHECK(choose_detector({}).model == folder / "yunet_n_320_320.onnx");
  // A side that only one of them has.
  CHECK(choose_detector({.name = "auto", .model = {}, .side = 640}).model ==
        folder / "yunet_n_640_640.onnx");
  const DetectorChoice other = choose_detector({.name = "auto", .model = {}, .side = 480});
  CHECK(other.name == "centerface");
  CHECK(other.side == 480);
  CHECK(is_from(other, folder));
  // A broken file is an error; it is not skipped.
  CHECK_THROWS_MATCHES(make_detector({}), Error,
                       MessageMatches(ContainsSubstring("yunet_n_320_320.onnx: is not an ONNX")));
}

TEST_CASE("a named detector has no reason but a file", "[detect][unit]") {
  const test::TemporaryFolder folder;
  const EnvironmentVariable variable("FER_DETECTORS", folder.path().string());
  const std::string path = test::save((folder / "centerface.onnx").string(), "any content");
  const DetectorChoice choice = choose_detector(named("centerface"));
  CHECK(choice.name == "centerface");
  CHECK(choice.model == path);
  CHECK(choice.reason.empty());
  CHECK(choose_detector(named("none")).model.empty());
}

TEST_CASE("a detector has the precision that is asked for, also where auto chooses it",
          "[detect][unit]") {
  const test::TemporaryFolder folder;
  const EnvironmentVariable variable("FER_DETECTORS", folder.path().string());
  test::save((folder / "centerface.onnx").string(), "any content");
  for (const std::string name : {"auto", "centerface", "none"}) {
    CAPTURE(name);
    CHECK(choose_detector(named(name)).precision == runtime::Precision::float32);
    DetectorOptions options = named(name);
    options.precision = runtime::Precision::bfloat16;
    CHECK(choose_detector(options).precision == runtime::Precision::bfloat16);
  }
}

TEST_CASE("a detector's file that is nowhere is an error with the places", "[detect][unit]") {
  const test::TemporaryFolder folder;
  const EnvironmentVariable variable("FER_DETECTORS", folder.path().string());
  try {
    const DetectorChoice choice = choose_detector(named("yunet"));
    CHECK_FALSE(is_from(choice, folder));  // this machine has one elsewhere
  } catch (const Error& error) {
    CHECK_THAT(error.what(),
               ContainsSubstring("\"detector\" yunet: none of yunet_n_320_320.onnx, ") &&
                   ContainsSubstring(" was found; searched: " + folder.path().string() + ", "));
    // The programs know their flags and say what to do.
    CHECK(dynamic_cast<const NotFoundError*>(&error) != nullptr);
  }
}

TEST_CASE("auto tells from a given file which detector it is for", "[detect][unit]") {
  const test::TemporaryFolder folder;
  const auto chosen = [&](const std::string& name, const std::string& content) {
    const std::string path = test::save((folder / name).string(), content);
    return choose_detector({.name = "auto", .model = path, .side = 0});
  };
  CHECK(chosen("a.onnx", test::relu_network({"cls_8"}, 320)).name == "yunet");
  CHECK(chosen("a.onnx", test::relu_network({"537"}, 320)).name == "centerface");
  CHECK(chosen("a.XML", "any content").name == "haar");
  CHECK(chosen("a.onnx", test::relu_network({"537"}, 320)).model == folder / "a.onnx");
  CHECK_THROWS_MATCHES(
      chosen("a.onnx", test::relu_network({"logits"}, 320)), Error,
      MessageMatches(ContainsSubstring("a.onnx: is neither a YuNet detector nor a ")));
  CHECK_THROWS_MATCHES(chosen("a.onnx", "no network"), Error,
                       MessageMatches(ContainsSubstring("a.onnx: is not an ONNX network")));
  CHECK_THROWS_MATCHES(choose_detector({.name = "auto", .model = folder / "b.onnx", .side = 0}),
                       Error, MessageMatches(ContainsSubstring("b.onnx")));
}

TEST_CASE("a size is for detectors with a fixed input", "[detect][unit]") {
  for (const char* name : {"none", "haar"}) {
    CHECK_THROWS_MATCHES(make_detector({.name = name, .model = {}, .side = 320}), Error,
                         MessageMatches(ContainsSubstring("\"detector_size\": 320")));
  }
  CHECK_THROWS_MATCHES(make_detector({.name = "yunet", .model = {}, .side = 480}), Error,
                       MessageMatches(ContainsSubstring("input of 480 pixels; allowed: 320, 640")));
  if (const auto model = test::yunet_file(320)) {
    CHECK_THROWS_MATCHES(
        make_detector({.name = "yunet", .model = *model, .side = 640}), Error,
        MessageMatches(ContainsSubstring("fixed input of 320 pixels, not the 640")));
    CHECK(make_detector({.name = "yunet", .model = *model, .side = 320})->input_side() == 320);
  }
}

TEST_CASE("with none the whole picture is one sure face", "[detect][unit]") {
  const auto detector = make_detector(named("none"));
  const auto faces = detector->detect(test::plain_picture(64, 48, 0));
  REQUIRE(faces.size() == 1);
  CHECK(faces[0].box == cv::Rect(0, 0, 64, 48));
  CHECK(faces[0].score == 1.0);
  CHECK_THROWS_MATCHES(make_detector({.name = "none", .model = "x.xml", .side = 0}), Error,
                       MessageMatches(ContainsSubstring("\"detector_model\": x.xml")));
}

TEST_CASE("a detector model that is missing or no cascade is an error naming it",
          "[detect][unit]") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_MATCHES(make_detector({.name = "haar", .model = folder / "none.xml", .side = 0}),
                       Error, MessageMatches(ContainsSubstring("none.xml")));
  for (const char* content :
       {"", "no XML", "<?xml version=\"1.0\"?><opencv_storage><a>1</a></opencv_storage>",
        "<?xml version=\"1.0\"?><opencv_storage><cascade><stageType>"}) {
    CAPTURE(content);
    const std::string path = test::save((folder / "bad.xml").string(), content);
    CHECK_THROWS_MATCHES(make_detector({.name = "haar", .model = path, .side = 0}), Error,
                         MessageMatches(ContainsSubstring("bad.xml: is not a cascade")));
  }
}

TEST_CASE("OPENCV_DATA_PATH is searched first", "[detect][unit]") {
  const test::TemporaryFolder folder;
  const EnvironmentVariable variable("OPENCV_DATA_PATH", folder.path().string());
  const std::string name = "haarcascade_frontalface_alt2.xml";
  CHECK(choose_detector(named("haar")).model ==
        test::save((folder / name).string(), "any content"));
  std::filesystem::create_directory(folder / "haarcascades");
  CHECK(choose_detector(named("haar")).model ==
        test::save((folder / "haarcascades" / name).string(), "any content"));
}

TEST_CASE("in a picture without faces haar finds nothing", "[detect][integration]") {
  if (cascade_is_missing()) FER_SKIP("no Haar cascade on this machine");
  const auto detector = make_detector(named("haar"));
  CHECK(detector->detect(test::plain_picture(640, 480, 128)).empty());

  cv::Mat noise(480, 640, CV_8UC3);
  cv::RNG(3).fill(noise, cv::RNG::UNIFORM, 0, 256);
  CHECK(detector->detect(noise).empty());

  cv::Mat shapes = test::plain_picture(640, 480, 220);
  cv::rectangle(shapes, {50, 60, 200, 300}, {30, 60, 90}, cv::FILLED);
  cv::circle(shapes, {450, 240}, 120, {200, 80, 20}, cv::FILLED);
  CHECK(detector->detect(shapes).empty());
}

TEST_CASE("in a picture smaller than a face window haar finds nothing", "[detect][unit]") {
  if (cascade_is_missing()) FER_SKIP("no Haar cascade on this machine");
  const auto detector = make_detector(named("haar"));
  CHECK(detector->detect(test::plain_picture(1, 1, 0)).empty());
  CHECK(detector->detect(test::plain_picture(3000, 2, 0)).empty());
}

TEST_CASE("haar finds exactly the two faces of the photo of two", "[detect][integration]") {
  const auto photo = shared_photo("two_faces.jpg");
  if (!photo || cascade_is_missing())
    FER_SKIP("no shared photos or no Haar cascade on this machine");
  const auto faces = make_detector(named("haar"))->detect(image::read_image(*photo));
  REQUIRE(faces.size() == 2);
  CHECK(around(faces[0].box, 320, 115, 174));  // positions read off the photo
  CHECK(around(faces[1].box, 875, 155, 174));
  for (const DetectedFace& face : faces) {
    CHECK(face.score > 0.5);
    CHECK(face.score < 1.0);
  }
}

TEST_CASE("a picture larger than the scan gives boxes in its own pixels", "[detect][integration]") {
  const auto photo = shared_photo("one_face_480p.jpg");
  if (!photo || cascade_is_missing())
    FER_SKIP("no shared photos or no Haar cascade on this machine");
  const cv::Mat picture = image::read_image(*photo);
  const auto faces = make_detector(named("haar"))->detect(picture);
  REQUIRE(faces.size() == 1);
  CHECK(around(faces[0].box, 443, 110, 125));

  cv::Mat large;
  cv::resize(picture, large, {}, 4.0, 4.0, cv::INTER_CUBIC);
  const auto large_faces = make_detector(named("haar"))->detect(large);
  REQUIRE(large_faces.size() == 1);
  CHECK(around(large_faces[0].box, 4 * 443, 4 * 110, 4 * 125));
}

TEST_CASE("in the photo of three haar finds nothing but faces", "[detect][integration]") {
  const auto photo = shared_photo("three_faces.jpg");
  if (!photo || cascade_is_missing())
    FER_SKIP("no shared photos or no Haar cascade on this machine");
  // The third, a child who looks down, is no frontal face: beyond any of OpenCV's cascades.
  const auto faces = make_detector(named("haar"))->detect(image::read_image(*photo));
  REQUIRE(faces.size() == 2);
  CHECK(around(faces[0].box, 418, 258, 100));
  CHECK(around(faces[1].box, 618, 240, 116));
}

}  // namespace
}  // namespace fer::detect
