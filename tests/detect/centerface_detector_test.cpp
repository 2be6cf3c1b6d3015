#include "fer/detect/centerface_detector.h"

#include <cmath>

#include "detect/detector_fixtures.h"
#include "detect/network_reference.h"
#include "detect/photo_faces.h"
#include "fer/core/error.h"
#include "support/catch.h"
#include "support/onnx_fixtures.h"

namespace fer::detect {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::around;

std::vector<cv::Mat> empty_outputs(int side) {
  std::vector<cv::Mat> outputs;
  for (const ExpectedOutput& output : centerface_outputs(side)) {
    outputs.emplace_back(output.shape, CV_32F, cv::Scalar(0));
  }
  return outputs;
}

void set(cv::Mat& blob, int plane, int row, int column, double value) {
  blob.ptr<float>(0, plane)[row * blob.size[3] + column] = static_cast<float>(value);
}

TEST_CASE("CenterFace's outputs have a cell for each 4x4 pixels", "[detect][unit]") {
  const auto outputs = centerface_outputs(480);
  REQUIRE(outputs.size() == 4);
  CHECK(outputs[0].name == "537");
  CHECK(outputs[0].shape == std::vector{1, 1, 120, 120});
  CHECK(outputs[3].name == "540");
  CHECK(outputs[3].shape == std::vector{1, 10, 120, 120});
}

TEST_CASE("a cell of CenterFace decodes to its score, box and landmarks", "[detect][unit]") {
  auto outputs = empty_outputs(320);
  CHECK(decode_centerface(outputs, 0.35).empty());
  const int row = 7;
  const int column = 30;
  set(outputs[0], 0, row, column, 0.75);
  set(outputs[0], 0, 0, 0, 0.3);                    // too little
  set(outputs[1], 0, row, column, std::log(10.0));  // height
  set(outputs[1], 1, row, column, std::log(5.0));   // width
  set(outputs[2], 0, row, column, 0.25);            // y
  set(outputs[2], 1, row, column, -0.5);            // x
  // Pairs of y, x.
  const double points[] = {0.25, 0.25, 0.25, 0.75, 0.5, 0.5, 0.75, 0.375, 0.75, 1.5};
  for (int i = 0; i < 10; ++i) set(outputs[3], i, row, column, points[i]);

  const auto found = decode_centerface(outputs, 0.35);
  REQUIRE(found.size() == 1);
  CHECK(found[0].score == 0.75);
  // Centre (30 - 0.5 + 0.5, 7 + 0.25 + 0.5) * 4 = (120, 31), size (5, 10) * 4.
  CHECK(std::abs(found[0].box.x - 110.0) < 1e-4);
  CHECK(std::abs(found[0].box.y - 11.0) < 1e-4);
  CHECK(std::abs(found[0].box.width - 20.0) < 1e-4);
  CHECK(std::abs(found[0].box.height - 40.0) < 1e-4);
  const auto near = [](const cv::Point2d& point, double x, double y) {
    return std::abs(point.x - x) < 1e-4 && std::abs(point.y - y) < 1e-4;
  };
  CHECK(near(found[0].landmarks.right_eye, 115.0, 21.0));
  CHECK(near(found[0].landmarks.left_eye, 125.0, 21.0));
  CHECK(near(found[0].landmarks.nose, 120.0, 31.0));
  CHECK(near(found[0].landmarks.right_mouth, 117.5, 41.0));
  CHECK(near(found[0].landmarks.left_mouth, 140.0, 41.0));
}

// A network with CenterFace's outputs that finds a face of 40x60 pixels of its input at every red
// place, with all landmarks in its middle.
std::string red_spot_network() {
  const auto pooled = [](const std::string& from, const std::string& to) {
    return test::node("AveragePool", {from}, to,
                      {test::integers_attribute("kernel_shape", {4, 4}),
                       test::integers_attribute("strides", {4, 4})});
  };
  test::Message graph;
  graph.part(1, pooled("input.1", "pooled"));
  const auto add_output = [&](const std::string& name, const std::vector<float>& weights,
                              const std::vector<float>& biases) {
    const std::uint64_t planes = biases.size();
    graph.part(1, test::node("Conv", {"pooled", name + "w", name + "b"}, name,
                             {test::integers_attribute("kernel_shape", {1, 1})}));
    graph.part(5, test::float_tensor(name + "w", {planes, 3, 1, 1}, weights));
    graph.part(5, test::float_tensor(name + "b", {planes}, biases));
    graph.part(12, test::value_info(name, {1, planes, 80, 80}));
  };
  // Red without green and blue: the order of the channels is seen, too.
  add_output("537", {1 / 255.0F, -1 / 255.0F, -1 / 255.0F}, {0.0F});
  add_output("538", std::vector<float>(6, 0.0F), {std::log(15.0F), std::log(10.0F)});
  add_output("539", std::vector<float>(6, 0.0F), {0.0F, 0.0F});
  add_output("540", std::vector<float>(30, 0.0F), std::vector<float>(10, 0.5F));
  graph.part(11, test::value_info("input.1", {1, 3, 320, 320}));
  return test::onnx_file(graph);
}

TEST_CASE("from picture to faces: letterbox, RGB, decoding, suppression, picture's pixels",
          "[detect][unit]") {
  const test::TemporaryFolder folder;
  const std::string path = test::save((folder / "spots.onnx").string(), red_spot_network());
  CenterfaceDetector detector(path);
  CHECK(detector.input_side() == 320);
  cv::Mat picture = test::plain_picture(1280, 960, 0);
  // Each covers four cells of the input, which are one face.
  picture(cv::Rect(960, 480, 32, 32)).setTo(cv::Scalar(0, 0, 255));
  picture(cv::Rect(320, 160, 32, 32)).setTo(cv::Scalar(0, 0, 255));
  picture(cv::Rect(640, 160, 32, 32)).setTo(cv::Scalar(255, 0, 0));  // blue
  for (int run = 0; run < 2; ++run) {
    const auto faces = detector.detect(picture);
    REQUIRE(faces.size() == 2);
    CHECK(std::abs(faces[0].score - 1.0) < 1e-3);
    CHECK(around(faces[0].box, 336, 176, 240));  // 4 times 60
    CHECK(faces[0].box.size() == cv::Size(160, 240));
    CHECK(around(faces[1].box, 976, 496, 240));
    REQUIRE(faces[1].landmarks.has_value());
    const cv::Point2d centre = (faces[1].box.tl() + faces[1].box.br()) / 2;
    CHECK(cv::norm(faces[1].landmarks->nose - centre) < 2.0);
  }
  CHECK(detector.detect(test::plain_picture(1, 1, 0)).empty());
  CHECK(detector.detect(test::plain_picture(3000, 2, 0)).empty());
}

TEST_CASE("a file that is no CenterFace is an error that says what it is", "[detect][unit]") {
  const test::TemporaryFolder folder;
  const auto rejects = [&](const std::string& content, const std::string& why) {
    const std::string path = test::save((folder / "bad.onnx").string(), content);
    CAPTURE(why);
    CHECK_THROWS_MATCHES(
        CenterfaceDetector(path), Error,
        MessageMatches(ContainsSubstring("bad.onnx: is not ") && ContainsSubstring(why)));
  };
  CHECK_THROWS_MATCHES(CenterfaceDetector(folder / "none.onnx"), Error,
                       MessageMatches(ContainsSubstring("none.onnx")));
  rejects("", "an ONNX network");
  rejects(test::relu_network({"cls_8", "537"}, 320), "no output '538' but 'cls_8', '537'");
  rejects(test::relu_network({"537", "538", "539", "540"}, 320),
          "output 537 has shape [1,3,320,320], not [1,1,80,80]");
}

TEST_CASE("CenterFace's input is a multiple of 32", "[detect][unit]") {
  for (const int side : {-320, 0, 16, 300, 4096}) {
    CAPTURE(side);
    CHECK_THROWS_MATCHES(CenterfaceDetector("any.onnx", side), Error,
                         MessageMatches(ContainsSubstring("\"detector_size\"")));
  }
}

TEST_CASE("CenterFace's numbers are those of ONNX Runtime", "[detect][integration]") {
  const auto model = test::centerface_file();
  if (!model) FER_SKIP("no centerface.onnx on this machine");
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  test::check_network(*model, "a CenterFace detector", 96, centerface_outputs(96));
}

TEST_CASE("CenterFace finds exactly the faces of the photos", "[detect][integration]") {
  for (const int side : {320, 480}) {
    CAPTURE(side);
    const auto model = test::centerface_file();
    if (!model || !test::shared_photo("one_face_480p.jpg"))
      FER_SKIP("no shared photos or no centerface.onnx on this machine");
    for (const runtime::Precision precision : test::detector_precisions()) {
      CAPTURE(int(precision));
      CenterfaceDetector detector(*model, side, precision);
      test::check_photo_faces(detector);
    }
  }
}

}  // namespace
}  // namespace fer::detect
